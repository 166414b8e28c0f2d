package dev.kluis.operator.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kluis.vault.VaultId;
import dev.kluis.vault.backup.BackupDestination.Kept;
import dev.kluis.vault.backup.BackupName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderDestinationTest {

    private static final BackupName NAME =
            new BackupName(new VaultId("payments", "payments"), "0a0b0c0d", Instant.parse("2026-01-02T03:04:05.678Z"));

    @TempDir
    private Path root;

    @Test
    void a_file_is_there_whole_after_its_commit_and_not_before() throws Exception {
        var folder = new FolderDestination("nightly", root);
        try (var upload = folder.begin(NAME)) {
            upload.write(new byte[] {1, 2, 3});
            assertThat(folder.list(NAME.folder())).isEmpty();
            upload.commit();
        }

        assertThat(folder.list(NAME.folder())).containsExactly(new Kept(NAME, 3));
        assertThat(folder.note(NAME)).isEmpty();
        folder.annotate(NAME, new byte[] {4});
        assertThat(folder.note(NAME))
                .hasValueSatisfying(note -> assertThat(note).containsExactly(4));
        assertThat(folder.list(NAME.folder())).hasSize(1);
        try (var in = folder.open(NAME)) {
            assertThat(in.readAllBytes()).containsExactly(1, 2, 3);
        }
        assertThat(folder.location(NAME)).isEqualTo("folder nightly: " + NAME);
        folder.delete(NAME);
        folder.delete(NAME);
        assertThat(folder.note(NAME)).as("goes with its file").isEmpty();
        assertThat(folder.list(NAME.folder())).isEmpty();
    }

    @Test
    void what_was_not_committed_leaves_nothing_and_what_is_no_backup_is_not_listed() throws Exception {
        var folder = new FolderDestination("nightly", root);
        folder.begin(NAME).close();
        var files = root.resolve(NAME.folder().toString());
        try (var there = Files.list(files)) {
            assertThat(there).isEmpty();
        }
        Files.writeString(files.resolve("notes.txt"), "not a backup");
        Files.writeString(files.resolve(NAME.file() + ".unfinished"), "cut");

        assertThat(folder.list(NAME.folder())).isEmpty();
    }

    @Test
    void a_volume_that_is_not_mounted_is_not_an_empty_one() {
        var folder = new FolderDestination("nightly", root.resolve("nightly"));

        assertThatThrownBy(() -> folder.begin(NAME))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("nightly");
        assertThatThrownBy(() -> folder.list(NAME.folder())).isInstanceOf(IOException.class);
    }
}
