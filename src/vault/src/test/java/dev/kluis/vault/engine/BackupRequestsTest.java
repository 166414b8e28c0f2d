package dev.kluis.vault.engine;

import static dev.kluis.vault.engine.Engine.DECLARATION;
import static dev.kluis.vault.engine.Engine.PAYMENTS;
import static dev.kluis.vault.engine.Engine.secret;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.kluis.crypto.RecipientKeyPair;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.VaultException.Code;
import dev.kluis.vault.VaultOperation;
import dev.kluis.vault.VaultOperations.VaultDelete;
import dev.kluis.vault.access.Role;
import dev.kluis.vault.audit.AuditRecord;
import dev.kluis.vault.backup.BackupNote;
import dev.kluis.vault.backup.BackupReader;
import dev.kluis.vault.backup.BackupRequests.VaultBackupCreate;
import dev.kluis.vault.backup.BackupRequests.VaultBackupList;
import dev.kluis.vault.backup.BackupRequests.VaultBackupProgress;
import dev.kluis.vault.backup.VaultExport;
import dev.kluis.vault.object.ObjectOperations.ObjectDelete;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Who may ask about backups of a whole vault, and what the vault notes beside each. */
class BackupRequestsTest {

    private final RecipientKeyPair officer = RecipientKeyPair.generate(new SecureRandom());
    private final Engine engine = new Engine().withVault();
    private final ByteArrayOutputStream file = new ByteArrayOutputStream();

    private VaultExport.Written export(VaultExport.Progress progress) throws IOException {
        file.reset();
        return new VaultExport(engine.vault, () -> engine.now, engine.random)
                .write(DECLARATION, PAYMENTS, officer.publicKey(), Duration.ofDays(90), file, progress);
    }

    private BackupNote.Key notes(Engine of) {
        return of.as(Role.ADMINISTRATOR, new VaultBackupList(PAYMENTS)).notes();
    }

    @Test
    void only_an_administrator_asks_about_backups_and_who_is_refused_is_audited() {
        var asked = List.<VaultOperation<?>>of(
                new VaultBackupCreate(PAYMENTS), new VaultBackupList(PAYMENTS), new VaultBackupProgress(PAYMENTS));
        for (var operation : asked) {
            for (var role : EnumSet.complementOf(EnumSet.of(Role.ADMINISTRATOR))) {
                engine.audit.clear();
                assertThatThrownBy(() -> engine.as(role, operation))
                        .isInstanceOfSatisfying(
                                VaultException.class, e -> assertThat(e.code()).isEqualTo(Code.FORBIDDEN));
                assertThat(engine.audit).singleElement().satisfies(record -> {
                    assertThat(record.operation()).isEqualTo(operation.name());
                    assertThat(record.result().type()).isEqualTo("FORBIDDEN");
                });
            }
            engine.audit.clear();
            engine.as(Role.ADMINISTRATOR, operation);
            assertThat(engine.audit)
                    .extracting(
                            AuditRecord::operation, record -> record.result().type())
                    .containsExactly(tuple(operation.name(), "Success"));
        }
    }

    @Test
    void a_deleted_vault_is_not_backed_up() {
        engine.vault.execute(DECLARATION, new VaultDelete(PAYMENTS));

        assertThatThrownBy(() -> engine.as(Role.ADMINISTRATOR, new VaultBackupCreate(PAYMENTS)))
                .isInstanceOf(VaultException.class);
    }

    @Test
    void the_vault_reads_in_its_note_what_is_in_a_file_and_that_it_is_this_file() throws Exception {
        engine.put("db", "one");
        engine.put("db", "two");
        engine.put("old", "gone");
        engine.as(Role.SECRETS_OFFICER, new ObjectDelete(secret("old")));
        var written = export((done, all) -> {});

        try (var notes = notes(engine)) {
            var header = BackupReader.header(new ByteArrayInputStream(file.toByteArray()));
            var note = notes.open(header, written.sealedNote()).orElseThrow();

            assertThat(note).isEqualTo(written.note());
            assertThat(note.totals().objects()).isEqualTo(2);
            assertThat(note.totals().deleted()).isEqualTo(1);
            assertThat(note.totals().versions()).isEqualTo(3);
            assertThat(note.bytes()).isEqualTo(file.size());
            assertThat(note.digest())
                    .isEqualTo(HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(file.toByteArray())));
            assertThat(header.signatureFits()).isTrue();
        }
    }

    @Test
    void a_note_of_another_file_another_vault_or_nobody_tells_nothing() throws Exception {
        engine.put("db", "one");
        byte[] note = export((done, all) -> {}).sealedNote();
        var header = BackupReader.header(new ByteArrayInputStream(file.toByteArray()));
        export((done, all) -> {});
        var another = BackupReader.header(new ByteArrayInputStream(file.toByteArray()));

        try (var own = notes(engine);
                var others = notes(new Engine().withVault())) {
            assertThat(own.open(header, note)).isPresent();
            assertThat(own.open(another, note)).isEmpty();
            assertThat(others.open(header, note)).isEmpty();
            assertThat(own.open(header, new byte[0])).isEmpty();
            assertThat(own.open(header, new byte[BackupNote.LIMIT + 1])).isEmpty();
            var random = new Random(1);
            for (int i = 0; i < 10_000; i++) {
                byte[] bad = Mutations.of(note, random);
                assertThat(own.open(header, bad).isPresent()).isEqualTo(Arrays.equals(bad, note));
            }
        }
    }

    @Test
    void a_backup_tells_how_far_it_is() throws Exception {
        engine.put("a", "x");
        engine.put("b", "x");
        var told = new ArrayList<String>();

        export((done, all) -> told.add(done + "/" + all));

        assertThat(told).containsExactly("1/2", "2/2");
    }
}
