package dev.kluis.vault.engine;

import static dev.kluis.vault.engine.Engine.account;
import static dev.kluis.vault.engine.Engine.secret;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kluis.crypto.SecretAccess;
import dev.kluis.vault.Source;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.access.Role;
import dev.kluis.vault.audit.AuditChain;
import dev.kluis.vault.audit.AuditRecord;
import dev.kluis.vault.audit.AuditSink;
import dev.kluis.vault.audit.AuditUnavailableException;
import dev.kluis.vault.object.ObjectOperations.ObjectDelete;
import dev.kluis.vault.secret.SecretOperations.SecretGet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class AuditTest {

    private final Engine engine = new Engine().withVault();

    @Test
    void every_operation_allowed_or_refused_leaves_one_record() {
        engine.audit.clear();
        var version = engine.put("a", "one");
        engine.get("a");
        var stranger = account("elsewhere", "nobody");
        assertThatThrownBy(() -> engine.get(stranger, "a", Optional.empty())).isInstanceOf(RuntimeException.class);

        assertThat(engine.audit)
                .extracting(record -> record.operation() + " " + record.result().type())
                .containsExactly("SecretSet Success", "SecretGet Success", "SecretGet FORBIDDEN");
        assertThat(engine.audit.getFirst().version()).contains(version.id());
        assertThat(engine.audit.getFirst().assignment()).contains("payments/secrets_officer");
        assertThat(engine.audit.getLast().caller()).isEqualTo("system:serviceaccount:elsewhere:nobody");
    }

    @Test
    void what_cannot_be_audited_is_not_answered() {
        engine.put("a", "one");
        var user = engine.with(Role.SECRETS_USER);
        var full = new AtomicBoolean();
        var deaf = engine.other(record -> {
            if (full.get()) {
                throw new IllegalStateException("the sink is full");
            }
        });
        full.set(true);
        assertThatThrownBy(() -> deaf.execute(user, new SecretGet(secret("a"), Optional.empty(), Optional.empty())))
                .hasMessage("the sink is full");
        deaf.close();
    }

    @Test
    void what_has_no_place_in_the_audit_is_not_begun() {
        engine.put("a", "one");
        var full = new AtomicBoolean();
        var deaf = engine.other(new AuditSink() {
            @Override
            public void accept(AuditRecord record) {
                engine.audit.add(record);
            }

            @Override
            public void admit() {
                if (full.get()) {
                    throw AuditUnavailableException.full("file");
                }
            }
        });
        full.set(true);
        var officer = engine.with(Role.SECRETS_OFFICER);
        var set = Engine.set("a", "two");

        assertThatThrownBy(() -> deaf.execute(officer, set)).isInstanceOf(AuditUnavailableException.class);
        deaf.close();
        assertThatThrownBy(() -> set.value().reveal(SecretAccess.GRANTED)).isInstanceOf(IllegalStateException.class);
        assertThat(engine.get("a")).isEqualTo("one");
    }

    @Test
    void what_a_crash_may_have_swallowed_is_told_again_with_the_same_correlation_id() {
        engine.put("a", "one");
        engine.vault.checkpoint();
        engine.put("b", "two");
        var told = engine.audit.getLast();
        engine.audit.clear();

        engine.restart();

        assertThat(engine.audit).singleElement().satisfies(record -> {
            assertThat(record.replayed()).isTrue();
            assertThat(record.operationId()).isEqualTo(told.operationId());
            assertThat(record.operation()).isEqualTo("SecretSet");
            assertThat(record.target()).isEqualTo(secret("b"));
            assertThat(record.caller()).isEqualTo(told.caller());
        });
        engine.vault.checkpoint();
        engine.audit.clear();
        engine.restart();
        assertThat(engine.audit).isEmpty();
    }

    @Test
    void no_checkpoint_names_what_is_not_in_the_audit() {
        var stuck = new AtomicBoolean();
        var process = engine.other(new AuditSink() {
            @Override
            public void accept(AuditRecord record) {}

            @Override
            public boolean flush(Duration limit) {
                return !stuck.get();
            }
        });
        stuck.set(true);
        process.execute(engine.with(Role.SECRETS_OFFICER), Engine.set("a", "one"));
        assertThat(process.checkpoint()).isZero();
        stuck.set(false);
        assertThat(process.checkpoint()).isEqualTo(1);
        process.close();
    }

    @Test
    void attack_10_no_value_comes_into_the_audit_whatever_goes_wrong() {
        String canary = "canary-4c1d9e";
        var version = engine.put("a", canary);
        engine.get("a");
        var officer = engine.with(Role.SECRETS_OFFICER);
        var stranger = account("elsewhere", "nobody");
        for (String value : List.of(canary.repeat(3_000), "{\"a\":{\"b\":\"" + canary + "\"}}", "\u0000" + canary)) {
            for (var caller : List.of(officer, stranger)) {
                try {
                    engine.vault.execute(
                            caller,
                            new Source(
                                    Optional.of("10.0.0.1"),
                                    Optional.empty(),
                                    Optional.of("/secrets/a?value=" + canary),
                                    Optional.empty()),
                            Engine.set("a", value));
                } catch (VaultException e) {
                    assertThat(e.getMessage()).doesNotContain(canary);
                }
            }
        }
        engine.as(Role.SECRETS_OFFICER, new ObjectDelete(secret("a")));
        engine.restart();

        var lines = new ArrayList<String>();
        var chain = new AuditChain(
                new AuditChain.Settings("0".repeat(32), 100, Duration.ofMinutes(1), Optional.empty()),
                () -> engine.now,
                List.of(),
                (number, line) -> lines.add(line));
        engine.audit.forEach(chain::accept);
        assertThat(lines).hasSizeGreaterThan(6).noneMatch(line -> line.contains("canary"));
        assertThat(lines).anyMatch(line -> line.contains(version.id()));
    }
}
