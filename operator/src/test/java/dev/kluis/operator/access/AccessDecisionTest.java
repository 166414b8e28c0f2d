package dev.kluis.operator.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kluis.operator.kind.Reason;
import dev.kluis.operator.kind.Step;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.access.Assignment;
import dev.kluis.vault.access.Role;
import dev.kluis.vault.access.Scope;
import dev.kluis.vault.access.Subject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AccessDecisionTest {

    private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");

    private static Step.Settled<Void> decide(Instant expires, boolean vaultActive) {
        var assignment = new Assignment(
                "team/api",
                new VaultId("team", "ours"),
                Role.ofTitle("Secrets User").orElseThrow(),
                List.of(new Subject.User("a")),
                Scope.WHOLE_VAULT,
                Optional.ofNullable(expires));
        return (Step.Settled<Void>) AccessDecision.decide(new AccessObserved(assignment, vaultActive, false), NOW);
    }

    @Test
    void it_is_in_force_when_its_vault_is_there() {
        assertThat(decide(null, true).readiness().reason()).isEqualTo(Reason.Available);
        assertThat(decide(null, true).again()).isEmpty();
    }

    @Test
    void it_is_looked_at_again_when_it_expires() {
        assertThat(decide(NOW.plusSeconds(90), true).again()).contains(Duration.ofSeconds(90));
    }

    @Test
    void at_its_end_it_holds_no_longer_whatever_the_vault_is() {
        assertThat(decide(NOW, true).readiness().reason()).isEqualTo(Reason.Expired);
        assertThat(decide(NOW, false).readiness().reason()).isEqualTo(Reason.Expired);
    }

    @Test
    void without_its_vault_it_says_what_to_apply() {
        var readiness = decide(null, false).readiness();
        assertThat(readiness.reason()).isEqualTo(Reason.VaultNotFound);
        assertThat(readiness.message()).contains("apply a Vault of this name");
    }
}
