package dev.kluis.operator.backup;

import dev.kluis.crds.v1alpha1.BackupSpec;
import dev.kluis.crypto.RecipientKey;
import dev.kluis.crypto.SealedBytesException;
import dev.kluis.operator.kind.Problem;
import dev.kluis.operator.kind.Reason;
import java.time.Duration;

/**
 * What a Vault declares about its backups, with the values in force where it says nothing.
 *
 * @param every how long after the last success
 * @param keep how many files stay
 * @param validFor how long a file may be restored
 */
public record DeclaredBackup(Duration every, int keep, Duration validFor, RecipientKey recipient, Place place) {

    private static final int KEEP = 7;
    private static final Duration VALID_FOR = Duration.ofDays(90);

    /** Where files go. */
    public sealed interface Place {

        /** @param name of a folder that the chart mounted */
        record Folder(String name) implements Place {}

        /** @param credentials the name of a Secret in the vault's namespace */
        record S3(String endpoint, String region, String bucket, String prefix, String credentials) implements Place {}
    }

    /** @throws Problem for what the schema lets through and is not right all the same */
    public static DeclaredBackup of(BackupSpec spec) {
        try {
            return new DeclaredBackup(
                    Duration.parse(spec.every),
                    spec.keep == null ? KEEP : spec.keep,
                    spec.expiresAfter == null ? VALID_FOR : Duration.parse(spec.expiresAfter),
                    RecipientKey.parse(spec.recipient),
                    place(spec.destination));
        } catch (SealedBytesException e) {
            throw new Problem(Reason.InvalidSpec, "spec.backup.recipient: " + e.getMessage());
        }
    }

    private static Place place(BackupSpec.Destination destination) {
        var folder = destination.folder;
        if (folder != null) {
            return new Place.Folder(folder.name);
        }
        var s3 = destination.s3;
        if (s3 == null) {
            throw new Problem(Reason.InvalidSpec, "spec.backup.destination has exactly one of folder and s3");
        }
        return new Place.S3(
                s3.endpoint, s3.region, s3.bucket, s3.prefix == null ? "" : s3.prefix, s3.credentialsSecretRef.name);
    }
}
