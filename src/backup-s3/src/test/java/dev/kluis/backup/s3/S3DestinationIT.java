package dev.kluis.backup.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kluis.backup.s3.S3Destination.Bucket;
import dev.kluis.backup.s3.S3Destination.Credentials;
import dev.kluis.testkit.S3Server;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.backup.BackupDestination.Kept;
import dev.kluis.vault.backup.BackupName;
import dev.kluis.vault.backup.BackupNote;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a real server. */
class S3DestinationIT {

    private static final String BUCKET = "backups";
    private static final VaultId PAYMENTS = new VaultId("payments", "payments");
    private static final BackupName NAME =
            new BackupName(PAYMENTS, "0a0b0c0d", Instant.parse("2026-01-02T03:04:05.678Z"));

    @TempDir
    private static Path folder;

    private static S3Server server;
    private final S3Destination destination = destination(S3Server.SECRET_KEY);

    @BeforeAll
    static void start() {
        server = S3Server.start(folder, BUCKET);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static S3Destination destination(String secretKey) {
        return new S3Destination(
                new Bucket(server.endpoint(), S3Server.REGION, BUCKET, "cluster-a/"),
                new Credentials(S3Server.ACCESS_KEY, secretKey));
    }

    private static byte[] some(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private void write(BackupName name, byte[] bytes) throws IOException {
        try (var upload = destination.begin(name)) {
            for (int at = 0; at < bytes.length; at += 70_000) {
                upload.write(bytes, at, Math.min(70_000, bytes.length - at));
            }
            upload.commit();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5 * 1024 * 1024, 5 * 1024 * 1024 + 1, 13 * 1024 * 1024})
    void a_file_of_any_size_is_there_as_it_was_written(int length) throws Exception {
        write(NAME, some(length));

        try (var in = destination.open(NAME)) {
            assertThat(in.readAllBytes()).isEqualTo(some(length));
        }
        if (length > 0) {
            assertThat(destination.head(NAME, 646)).isEqualTo(Arrays.copyOf(some(length), Math.min(length, 646)));
        }
        assertThat(Files.size(server.file(BUCKET, "cluster-a/" + NAME))).isEqualTo(length);
        assertThat(destination.location(NAME)).isEqualTo("s3://backups/cluster-a/" + NAME);
        destination.delete(NAME);
        destination.delete(NAME);
        assertThat(destination.list(NAME.folder())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 11 * 1024 * 1024})
    void a_file_that_was_not_committed_leaves_nothing(int length) throws Exception {
        var name = new BackupName(PAYMENTS, "0a0b0c0d", Instant.EPOCH);
        try (var upload = destination.begin(name)) {
            upload.write(some(length));
        }

        assertThat(destination.list(name.folder())).extracting(Kept::name).doesNotContain(name);
        assertThatThrownBy(() -> destination.open(name)).isInstanceOf(IOException.class);
    }

    @Test
    void only_backups_of_the_vaults_own_folder_are_listed() throws Exception {
        var other = new BackupName(new VaultId("payments", "payments2"), "0a0b0c0d", Instant.EPOCH);
        var staging = new BackupName(new VaultId("payments", "staging"), "0a0b0c0d", Instant.EPOCH);
        write(other, some(1));
        write(staging, some(1));
        Files.writeString(server.file(BUCKET, "cluster-a/payments/staging/notes.txt"), "not a backup");

        assertThat(destination.list(staging.folder())).containsExactly(new Kept(staging, 1));
    }

    @Test
    void a_note_lies_beside_its_file_is_not_listed_and_goes_with_it() throws Exception {
        var name = new BackupName(new VaultId("payments", "noted"), "0a0b0c0d", Instant.EPOCH);
        write(name, some(100));
        assertThat(destination.note(name)).isEmpty();

        destination.annotate(name, some(120));
        destination.annotate(name, some(121));

        assertThat(destination.note(name))
                .hasValueSatisfying(note -> assertThat(note).isEqualTo(some(121)));
        assertThat(destination.list(name.folder())).containsExactly(new Kept(name, 100));
        Files.write(server.file(BUCKET, "cluster-a/" + name.note()), some(5_000_000));
        assertThat(destination.note(name))
                .as("somebody else's is read no further")
                .hasValueSatisfying(note -> assertThat(note).hasSize(BackupNote.LIMIT + 1));
        destination.delete(name);
        assertThat(destination.note(name)).isEmpty();
        assertThat(destination.list(name.folder())).isEmpty();
    }

    @Test
    void a_wrong_key_and_a_server_that_is_away_are_told_without_the_key() {
        try (var wrong = destination("canary-wrong-key")) {
            assertThatThrownBy(() -> wrong.list(NAME.folder()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("status 403")
                    .satisfies(S3DestinationIT::holdsNoKey);
        }
        try (var away = new S3Destination(
                new Bucket(URI.create("http://127.0.0.1:1"), S3Server.REGION, BUCKET, ""),
                new Credentials(S3Server.ACCESS_KEY, S3Server.SECRET_KEY))) {
            assertThatThrownBy(() -> away.list(NAME.folder()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("cannot be reached")
                    .satisfies(S3DestinationIT::holdsNoKey);
        }
    }

    private static void holdsNoKey(Throwable failure) {
        var text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        assertThat(text.toString()).doesNotContain("canary");
        assertThat(new Credentials("id", S3Server.SECRET_KEY).toString()).doesNotContain("canary");
    }
}
