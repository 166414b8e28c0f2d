package dev.kluis.vault.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kluis.vault.VaultId;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BackupNameTest {

    private static final VaultId PAYMENTS = new VaultId("payments", "payments");

    @Test
    void a_name_comes_back_as_it_was_written() {
        var name = BackupName.of(PAYMENTS, "0a0b0c0d".repeat(4), Instant.parse("2026-01-02T03:04:05.678901Z"));

        assertThat(name.toString()).isEqualTo("payments/payments/20260102T030405678Z-0a0b0c0d.kluis");
        assertThat(BackupName.parse(name.toString())).contains(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "payments/payments/20261302T030405678Z-0a0b0c0d.kluis",
                "payments/payments/20260102T030405678Z-0A0b0c0d.kluis",
                "payments/payments/20260102T030405678Z-0a0b0c0d.kluis.tmp",
                "payments/../20260102T030405678Z-0a0b0c0d.kluis",
                "payments/payments/../20260102T030405678Z-0a0b0c0d.kluis",
                "/payments/payments",
                ""
            })
    void what_is_no_name_of_a_backup_is_none(String text) {
        assertThat(BackupName.parse(text)).isEmpty();
    }
}
