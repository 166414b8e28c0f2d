package dev.kluis.vault.engine;

import static dev.kluis.vault.engine.Engine.account;
import static dev.kluis.vault.engine.Engine.secret;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kluis.vault.access.Role;
import dev.kluis.vault.audit.AuditChain;
import dev.kluis.vault.secret.SecretOperations.SecretDelete;
import dev.kluis.vault.secret.SecretOperations.SecretGet;
import java.util.ArrayList;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AuditTest {

    private static final String CANARY = "canary-4c1d9e";

    private final Engine engine = new Engine().withVault();

    @Test
    void every_operation_allowed_or_refused_leaves_one_record() {
        engine.audit.clear();
        var version = engine.put("a", "one");
        engine.get("a");
        var stranger = account("elsewhere", "nobody");
        assertThatThrownBy(() -> engine.get(stranger, "a", Optional.empty())).isInstanceOf(RuntimeException.class);

        assertThat(engine.audit)
                .extracting(record -> record.operation() + " " + record.result())
                .containsExactly("SecretSet Success", "SecretGet Success", "SecretGet FORBIDDEN");
        assertThat(engine.audit.getFirst().version()).contains(version.id());
        assertThat(engine.audit.getFirst().assignment()).contains("payments/secrets_officer");
        assertThat(engine.audit.getLast().caller()).isEqualTo("system:serviceaccount:elsewhere:nobody");
    }

    @Test
    void what_cannot_be_audited_is_not_answered() {
        engine.put("a", "one");
        var user = engine.with(Role.SECRETS_USER);
        var deaf = engine.other(record -> {
            throw new IllegalStateException("the sink is full");
        });
        assertThatThrownBy(() -> deaf.execute(user, new SecretGet(secret("a"), Optional.empty(), Optional.empty())))
                .hasMessage("the sink is full");
        deaf.close();
    }

    @Test
    void lines_form_a_chain_in_which_every_edit_shows_and_no_value_stands() {
        var lines = new ArrayList<String>();
        var chain = new AuditChain("0".repeat(32), lines::add);
        engine.put("a", CANARY);
        engine.get("a");
        engine.as(Role.SECRETS_OFFICER, new SecretDelete(secret("a")));
        engine.audit.forEach(chain::accept);

        assertThat(lines).hasSizeGreaterThan(3).noneMatch(line -> line.contains(CANARY));
        String previous = AuditChain.NO_PREVIOUS;
        for (int i = 0; i < lines.size(); i++) {
            assertThat(lines.get(i)).contains("\"number\":" + i).contains("\"previous\":\"" + previous + "\"");
            previous = AuditChain.hash(lines.get(i));
        }
    }
}
