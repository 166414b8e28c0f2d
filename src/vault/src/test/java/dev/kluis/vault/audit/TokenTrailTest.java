package dev.kluis.vault.audit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kluis.vault.Caller;
import dev.kluis.vault.Source;
import dev.kluis.vault.audit.AuditRecord.Result;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The lines of tokens. */
class TokenTrailTest {

    private static final Result WRONG = new Result("INVALID_CLIENT", 401, Optional.of("not its secret"));

    private final Lines lines = new Lines();
    private final AtomicBoolean full = new AtomicBoolean();
    private final AtomicInteger admitted = new AtomicInteger();
    private final TokenTrail trail = new TokenTrail(
            new AuditSink() {
                @Override
                public void accept(AuditRecord record) {
                    admitted.decrementAndGet();
                    lines.chain.accept(record);
                }

                @Override
                public void admit() {
                    if (full.get()) {
                        throw AuditUnavailableException.full("stdout");
                    }
                    admitted.incrementAndGet();
                }

                @Override
                public void withdraw() {
                    admitted.decrementAndGet();
                }
            },
            () -> Instant.parse("2026-01-01T00:00:00Z"),
            () -> "0".repeat(32));

    private AuditLine last() throws Exception {
        return AuditLine.parse(lines.all.getLast().getBytes(US_ASCII));
    }

    @Test
    void a_token_is_told_of_whom_it_is_before_it_is_given() throws Exception {
        var caller = new Caller.ServiceAccount("shop", "api", "uid-1", Optional.empty());
        String token = trail.issue(caller, "an-id", Source.at("10.0.0.1"), () -> "canary", made -> "lives an hour");

        assertThat(token).isEqualTo("canary");
        var line = last();
        assertThat(line.field("operationName")).contains("TokenIssue");
        assertThat(line.field("resourceId")).contains("tokens");
        assertThat(line.field("object")).contains("clients/an-id");
        assertThat(line.field("identity.name")).contains("system:serviceaccount:shop:api");
        assertThat(line.field("resultDescription")).contains("lives an hour");
        assertThat(line.field("callerIpAddress")).contains("10.0.0.1");
        assertThat(line.field("properties.id")).isEmpty();
        assertThat(line.text()).doesNotContain("canary");
        assertThat(admitted).hasValue(0);
    }

    @Test
    void a_refusal_is_nobodys_and_says_who_the_client_says_it_is() throws Exception {
        trail.refuse("kluis:client:ci\n\u001b[2J\"", Source.NONE, WRONG);
        var line = last();
        assertThat(line.field("identity.name")).contains("kluis:anonymous");
        assertThat(line.field("object")).contains("clients/kluis:client:ci\n\u001b[2J\"");
        assertThat(line.text()).isASCII().doesNotContain("\n", "\u001b");
        assertThat(line.field("resultType")).contains("INVALID_CLIENT");
        assertThat(line.field("resultSignature")).contains("Unauthorized");
        assertThat(new AuditFilter(
                                Optional.of("tokens"),
                                Optional.of("clients/kluis:client:ci\n\u001b[2J\""),
                                Optional.empty(),
                                Optional.of("TokenIssue"),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty())
                        .matches(line))
                .isTrue();
        trail.refuse("x".repeat(10_000), Source.NONE, WRONG);
        assertThat(last().field("object").orElseThrow()).hasSize(512);
        trail.refuse("", Source.NONE, WRONG);
        assertThat(last().field("object")).isEmpty();
        assertThat(admitted).hasValue(0);
    }

    @Test
    void fault_11_a_token_that_cannot_be_audited_is_not_made() {
        full.set(true);
        assertThatThrownBy(() -> trail.issue(
                        new Caller.User("jane", List.of()),
                        "an-id",
                        Source.NONE,
                        () -> {
                            throw new AssertionError("made");
                        },
                        made -> ""))
                .isInstanceOf(AuditUnavailableException.class);
        full.set(false);
        assertThatThrownBy(() -> trail.issue(
                        new Caller.User("jane", List.of()),
                        "an-id",
                        Source.NONE,
                        () -> {
                            throw new IllegalStateException("no key");
                        },
                        made -> ""))
                .hasMessage("no key");
        assertThat(lines.all).isEmpty();
        assertThat(admitted).hasValue(0);
    }
}
