package dev.kluis.operator.backup;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.kluis.backup.s3.S3Destination;
import dev.kluis.backup.s3.S3Destination.Bucket;
import dev.kluis.backup.s3.S3Destination.Credentials;
import dev.kluis.crypto.SecretAccess;
import dev.kluis.operator.backup.DeclaredBackup.Place;
import dev.kluis.operator.secret.SecretImport;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.backup.BackupDestination;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/** Opens what a declaration names: a folder of the chart, or a bucket with the credentials of the vault's namespace. */
public final class Destinations {

    private final Path folders;
    private final EgressRules egress;
    private final SecretImport secrets;

    /** @param folders in which each folder of the chart is mounted under its name */
    public Destinations(Path folders, EgressRules egress, SecretImport secrets) {
        this.folders = folders;
        this.egress = egress;
        this.secrets = secrets;
    }

    BackupDestination open(VaultId vault, Place place) throws IOException {
        return switch (place) {
            case Place.Folder(String name) -> new FolderDestination(name, folders.resolve(name));
            case Place.S3 s3 -> {
                var bucket = new Bucket(egress.require(s3.endpoint()), s3.region(), s3.bucket(), s3.prefix());
                yield new S3Destination(
                        bucket,
                        new Credentials(
                                text(vault, s3.credentials(), "accessKeyId"),
                                text(vault, s3.credentials(), "secretAccessKey")));
            }
        };
    }

    /** The client of S3 takes credentials as text only. */
    private String text(VaultId vault, String secret, String key) {
        try (var value = secrets.read(vault.namespace(), secret, key)) {
            byte[] bytes = value.reveal(SecretAccess.GRANTED);
            try {
                return new String(bytes, UTF_8).strip();
            } finally {
                Arrays.fill(bytes, (byte) 0);
            }
        }
    }
}
