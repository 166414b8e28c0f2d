package dev.kluis.vault.audit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kluis.fuzz.Fuzz;
import dev.kluis.vault.audit.AuditLine.MalformedLineException;
import dev.kluis.vault.audit.AuditVerification.Options;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Lines from wherever they were kept. */
@Tag("fuzz")
class AuditFuzzTest {

    private static final String[] WORDS = {
        "{\"category\":\"AuditEvent\",",
        "{\"category\":\"AuditCheckpoint\",",
        "{\"category\":\"AuditDropped\",",
        "\"number\":",
        "\"previous\":",
        "\"from\":0",
        "\"to\":999999999999999999",
        "\"follows\":{",
        "\"publicKey\":",
        "\"nextPublicKey\":\"\"",
        "\"occasion\":\"stop\"",
        "\"signature\":\"",
        "\"time\":\"+1000000000-12-31T23:59:59Z\"",
        "null",
        "1e9",
        "-0",
        "\\u0000",
        "{",
        "}",
        "[",
        ",",
        "\n"
    };

    private static Lines lines() throws Exception {
        var lines = new Lines().records(0, 3);
        lines.start("2", lines.last());
        return lines.records(3, 4);
    }

    @Test
    void a_line_is_read_or_refused() throws Exception {
        Fuzz.of("audit-line")
                .good("checkpoint", lines().all.getFirst())
                .good("event", lines().all.get(1))
                .words(WORDS)
                .refusing(MalformedLineException.class)
                .run(input -> assertThat(AuditLine.parse(input).text()).isEqualTo(new String(input, US_ASCII)));
    }

    /** It reports and never throws; what its lines make it say is bounded. */
    @Test
    void a_file_is_verified_whatever_is_in_it() throws Exception {
        String file = String.join("\n", lines().all) + "\n";
        Fuzz.of("audit-file").good("two-instances", file).words(WORDS).run(input -> {
            Lines.verify(input, Options.STRICT, Lines.KEY);
            var report = Lines.verify(input, new Options(true, true, Optional.of("file")), Lines.KEY);
            assertThat(report.lines()).isLessThanOrEqualTo(input.length);
        });
    }
}
