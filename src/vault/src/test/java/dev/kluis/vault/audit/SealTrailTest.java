package dev.kluis.vault.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kluis.vault.AuditTarget.Installation;
import dev.kluis.vault.Caller;
import dev.kluis.vault.Source;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.VaultException.Code;
import dev.kluis.vault.audit.SealTrail.Done;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SealTrailTest {

    private static final Caller OFFICER = new Caller.User("jane", List.of());

    private final List<AuditRecord> records = new ArrayList<>();
    private final AtomicInteger admitted = new AtomicInteger();
    private final AtomicBoolean stuck = new AtomicBoolean();
    private final AtomicInteger ids = new AtomicInteger();
    private final SealTrail trail = new SealTrail(
            new AuditSink() {
                @Override
                public void accept(AuditRecord record) {
                    admitted.decrementAndGet();
                    records.add(record);
                }

                @Override
                public Told take(AuditRecord record) {
                    accept(record);
                    return limit -> !stuck.get();
                }

                @Override
                public void admit() {
                    admitted.incrementAndGet();
                }

                @Override
                public void withdraw() {
                    admitted.decrementAndGet();
                }
            },
            () -> Instant.parse("2026-01-01T00:00:00Z"),
            () -> "%032x".formatted(ids.incrementAndGet()));

    private List<String> told() {
        return records.stream()
                .map(record -> record.operationId().substring(31) + " " + record.operation() + " "
                        + record.result().type())
                .toList();
    }

    @Test
    void a_change_has_a_line_before_it_and_one_after_it_with_one_id_and_its_actor() {
        var answer = trail.change(OFFICER, Source.at("10.0.0.1"), "SealSubmit", () -> {}, () -> {
            assertThat(told()).containsExactly("1 SealSubmit Begun");
            return new Done<>("answer", "1 of 2 shares are there");
        });

        assertThat(answer).isEqualTo("answer");
        assertThat(told()).containsExactly("1 SealSubmit Begun", "1 SealSubmit Success");
        assertThat(records).allSatisfy(record -> {
            assertThat(record.caller()).isEqualTo("jane");
            assertThat(record.target()).isEqualTo(Installation.SEAL);
            assertThat(record.source().address()).contains("10.0.0.1");
        });
        assertThat(records.getLast().result().description()).contains("1 of 2 shares are there");
        assertThat(admitted).hasValue(0);
    }

    @Test
    void who_may_not_is_refused_with_one_line_before_anything_is_done() {
        assertThatThrownBy(() -> trail.change(
                        OFFICER,
                        Source.NONE,
                        "SealInit",
                        () -> {
                            throw new VaultException(Code.FORBIDDEN, "no");
                        },
                        () -> {
                            throw new AssertionError("done");
                        }))
                .isInstanceOf(VaultException.class);

        assertThat(told()).containsExactly("1 SealInit FORBIDDEN");
        assertThat(admitted).hasValue(0);
    }

    @Test
    void a_refused_and_a_failed_change_say_so_and_only_a_refusal_s_text_is_told() {
        assertThatThrownBy(() -> trail.change(OFFICER, Source.NONE, "SealSubmit", () -> {}, () -> {
                    throw new VaultException(Code.BAD_PARAMETER, "it is not the share that was dealt");
                }))
                .isInstanceOf(VaultException.class);
        assertThatThrownBy(() -> trail.change(OFFICER, Source.NONE, "SealSubmit", () -> {}, () -> {
                    throw new IllegalStateException("canary");
                }))
                .isInstanceOf(IllegalStateException.class);

        assertThat(told())
                .containsExactly(
                        "1 SealSubmit Begun", "1 SealSubmit BAD_PARAMETER", "2 SealSubmit Begun", "2 SealSubmit Error");
        assertThat(records.toString()).contains("not the share").doesNotContain("canary");
        assertThat(admitted).hasValue(0);
    }

    @Test
    void fault_11_what_cannot_be_audited_is_not_begun() {
        stuck.set(true);
        assertThatThrownBy(() -> trail.change(OFFICER, Source.NONE, "RootRotate", () -> {}, () -> {
                    throw new AssertionError("done");
                }))
                .isInstanceOf(AuditUnavailableException.class);

        assertThat(told()).containsExactly("1 RootRotate Begun");
        assertThat(admitted).hasValue(0);
    }

    @Test
    void a_line_about_the_seal_names_no_vault_and_is_found_by_its_id() throws Exception {
        trail.tell(OFFICER, Source.NONE, "AuditRead", "the audit of the seal", () -> {});
        var lines = new Lines();
        records.forEach(lines.chain::accept);

        assertThat(lines.all).hasSize(2);
        assertThat(lines.all.getFirst()).contains("\"category\":\"AuditStart\"");
        assertThat(lines.all.getLast())
                .contains("\"resourceId\":\"seal\"", "\"operationName\":\"AuditRead\"")
                .doesNotContain("\"object\"", "https://");
        var line = AuditLine.parse(lines.all.getLast().getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        assertThat(AuditFilter.of("seal", Instant.EPOCH).matches(line)).isTrue();
        assertThat(AuditFilter.of("payments/payments", Instant.EPOCH).matches(line))
                .isFalse();
        assertThat(line.field("properties.id")).isEqualTo(Optional.empty());
    }
}
