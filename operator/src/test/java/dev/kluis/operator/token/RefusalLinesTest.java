package dev.kluis.operator.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kluis.operator.token.TokenRequestException.Problem;
import dev.kluis.vault.Source;
import dev.kluis.vault.audit.AuditRecord;
import dev.kluis.vault.audit.TokenTrail;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What of refusals is told. */
class RefusalLinesTest {

    private final List<AuditRecord> told = new ArrayList<>();
    private final AtomicLong nanos = new AtomicLong();
    private final RefusalLines lines =
            new RefusalLines(new TokenTrail(told::add, () -> Instant.EPOCH, () -> "0".repeat(32)), nanos::get);

    private void refuse(int times, String address) {
        for (int i = 0; i < times; i++) {
            lines.tell("ci", Source.at(address), new TokenRequestException(Problem.INVALID_CLIENT, "not its secret"));
        }
    }

    private String text(int line) {
        return told.get(line).result().description().orElseThrow();
    }

    @Test
    void each_refusal_has_a_line_until_an_address_has_too_many_and_it_is_said_how_many_had_none() {
        refuse(29, "10.0.0.1");
        assertThat(told).hasSize(29);
        assertThat(told).allSatisfy(record -> {
            assertThat(record.result().type()).isEqualTo("INVALID_CLIENT");
            assertThat(record.result().status()).isEqualTo(401);
            assertThat(record.result().description()).contains("not its secret");
            assertThat(record.source().address()).contains("10.0.0.1");
        });
        refuse(1001, "10.0.0.1");
        assertThat(told).hasSize(30);
        assertThat(text(29)).isEqualTo("not its secret; others of this address have no line for a minute");
        refuse(1, "10.0.0.2");
        assertThat(told).hasSize(31);
        nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        refuse(2, "10.0.0.1");
        assertThat(told).hasSize(33);
        assertThat(text(31)).isEqualTo("not its secret; before this one 1000 of this address had no line");
        assertThat(text(32)).isEqualTo("not its secret");
    }
}
