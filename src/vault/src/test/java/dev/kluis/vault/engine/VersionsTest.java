package dev.kluis.vault.engine;

import static dev.kluis.vault.engine.Engine.secret;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kluis.vault.access.Role;
import dev.kluis.vault.object.ObjectOperations.ObjectGetMetadata;
import dev.kluis.vault.object.ObjectOperations.ObjectPruneVersions;
import dev.kluis.vault.object.ObjectState;
import dev.kluis.vault.object.VersionPolicy;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VersionsTest {

    private final Engine engine = new Engine();

    /** Five versions, a day apart; the last was made a moment ago. */
    private void fiveVersions() {
        for (int i = 0; i < 5; i++) {
            engine.pass(Duration.ofDays(1));
            engine.put("a", "value " + i);
        }
    }

    private int prune(int keep, Duration olderThan) {
        return engine.as(
                Role.SECRETS_OFFICER, new ObjectPruneVersions(secret("a"), new VersionPolicy(keep, olderThan)));
    }

    private ObjectState state() {
        return engine.as(Role.READER, new ObjectGetMetadata(secret("a")))
                .orElseThrow()
                .state();
    }

    @Test
    void versions_beyond_the_newest_ones_are_purged() {
        engine.withVault();
        fiveVersions();
        assertThat(prune(3, Duration.ZERO)).isEqualTo(2);
        assertThat(state().versions()).hasSize(3);
        assertThat(engine.get("a")).isEqualTo("value 4");
        assertThat(prune(3, Duration.ZERO)).isZero();
    }

    @Test
    void a_version_goes_only_when_it_is_beyond_both() {
        engine.withVault();
        fiveVersions();
        assertThat(prune(2, Duration.ofDays(3))).isEqualTo(1);
        assertThat(prune(4, Duration.ZERO)).isZero();
        assertThat(state().versions()).hasSize(4);
    }

    @Test
    void the_current_version_and_the_one_before_it_always_stay() {
        engine.withVault();
        fiveVersions();
        engine.pass(Duration.ofDays(1000));
        assertThat(prune(2, Duration.ZERO)).isEqualTo(3);
        assertThat(state().versions()).hasSize(2);
        assertThatThrownBy(() -> new VersionPolicy(1, Duration.ZERO)).hasMessageContaining("2 to 500");
    }

    @Test
    void attack_18_a_policy_does_not_destroy_what_purge_protection_protects() {
        engine.withProtectedVault();
        fiveVersions();
        assertThat(prune(2, Duration.ZERO)).isZero();
        engine.setClock(Duration.ofDays(1000));
        assertThat(prune(2, Duration.ZERO)).isZero();
        engine.pass(Duration.ofDays(88));
        assertThat(prune(2, Duration.ZERO)).isEqualTo(2);
    }

    @Test
    void the_policy_says_when_the_next_version_is_due() {
        engine.withVault();
        fiveVersions();
        var state = state();
        var superseded =
                new VersionPolicy(2, Duration.ofDays(10)).of(state, Engine.settings(90, false), engine.vault.moment());
        assertThat(superseded.due()).isEmpty();
        assertThat(superseded.next())
                .isEqualTo(Optional.of(state.versions().get(1).created().plus(Duration.ofDays(10))));
    }
}
