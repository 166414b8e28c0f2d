package dev.kluis.operator.vault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kluis.crypto.RecipientKey;
import dev.kluis.operator.host.HostState;
import dev.kluis.operator.kind.Reason;
import dev.kluis.operator.kind.Step;
import dev.kluis.operator.vault.VaultDecision.Action;
import dev.kluis.operator.vault.VaultDecision.Put;
import dev.kluis.operator.vault.VaultDecision.RotateKeys;
import dev.kluis.vault.Lifecycle;
import dev.kluis.vault.Resealing.Progress;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.VaultOperations.VaultView;
import dev.kluis.vault.VaultSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class VaultDecisionTest {

    private static final VaultId ID = new VaultId("team", "ours");
    private static final VaultSettings DECLARED = new VaultSettings(90, false, new TreeSet<>(), Optional.empty());

    private static VaultView view(VaultSettings settings, Lifecycle lifecycle) {
        return new VaultView(
                ID, settings, lifecycle, RecipientKey.of(new byte[RecipientKey.LENGTH]), Instant.EPOCH, "handled");
    }

    private static Step<Action> decide(VaultView vault, String... dependents) {
        return decide(vault, "", Optional.empty(), dependents);
    }

    private static Step<Action> decide(VaultView vault, String rotate, Optional<Progress> keys, String... dependents) {
        return decide(vault, rotate, keys, HostState.THERE, dependents);
    }

    private static Step<Action> decide(
            VaultView vault, String rotate, Optional<Progress> keys, HostState host, String... dependents) {
        return VaultDecision.decide(new VaultObserved(
                DECLARED,
                Optional.ofNullable(vault),
                new ObjectCounts(0, 0, 0),
                List.of(dependents),
                Optional.empty(),
                rotate,
                keys,
                host));
    }

    @Test
    void another_rotate_value_asks_for_new_keys_once_the_rotation_before_is_done() {
        var active = view(DECLARED, new Lifecycle.Active());
        var rotating = new Progress(2, 5, true, Instant.EPOCH);
        assertThat(decide(active, "handled", Optional.empty())).isInstanceOf(Step.Settled.class);
        assertThat(decide(active, "again", Optional.empty())).isEqualTo(new Step.Act<>(new RotateKeys("again")));
        assertThat(((Step.Settled<Action>) decide(active, "again", Optional.of(rotating))).again())
                .contains(Duration.ofSeconds(5));
    }

    @Test
    void a_vault_in_use_gets_the_service_of_its_host_where_that_is_missing() {
        var active = view(DECLARED, new Lifecycle.Active());
        assertThat(decide(active, "", Optional.empty(), HostState.MISSING))
                .isEqualTo(new Step.Act<>(new VaultDecision.PutHost()));
        assertThat(decide(null, "", Optional.empty(), HostState.MISSING))
                .as("the vault first, since it may be refused")
                .isEqualTo(new Step.Act<>(new Put(DECLARED, "")));
        assertThat(readiness(decide(active, "", Optional.empty(), HostState.TAKEN)))
                .isEqualTo(Reason.Conflict);
        assertThat(readiness(decide(active, "", Optional.empty(), HostState.UNKNOWN)))
                .isEqualTo(Reason.HostUnavailable);
        assertThat(readiness(decide(active, "", Optional.empty(), HostState.ELSEWHERE)))
                .isEqualTo(Reason.Available);
    }

    private static Reason readiness(Step<Action> step) {
        return ((Step.Settled<Action>) step).readiness().reason();
    }

    @Test
    void a_vault_that_is_not_there_is_made() {
        assertThat(decide(null)).isEqualTo(new Step.Act<>(new Put(DECLARED, "")));
    }

    @Test
    void a_vault_with_other_settings_gets_those_that_are_declared() {
        var other = new VaultSettings(90, false, new TreeSet<>(List.of("guest")), Optional.empty());
        assertThat(decide(view(other, new Lifecycle.Active()))).isEqualTo(new Step.Act<>(new Put(DECLARED, "")));
    }

    @Test
    void a_deleted_vault_is_recovered() {
        var deleted = new Lifecycle.Deleted(Instant.EPOCH, Instant.MAX);
        assertThat(decide(view(DECLARED, deleted))).isEqualTo(new Step.Act<>(new Put(DECLARED, "")));
    }

    @Test
    void a_vault_as_declared_is_left_and_looked_at_again_while_others_depend_on_it() {
        var active = view(DECLARED, new Lifecycle.Active());

        assertThat(((Step.Settled<Action>) decide(active)).again()).isEmpty();
        assertThat(((Step.Settled<Action>) decide(active, "Pod/team/user")).again())
                .isPresent();
    }
}
