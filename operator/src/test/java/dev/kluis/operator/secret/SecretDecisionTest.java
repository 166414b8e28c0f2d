package dev.kluis.operator.secret;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kluis.operator.kind.Reason;
import dev.kluis.operator.kind.Step;
import dev.kluis.operator.secret.DeclaredSecret.Generated;
import dev.kluis.operator.secret.DeclaredSecret.Sealed;
import dev.kluis.operator.secret.DeclaredSecret.Source;
import dev.kluis.operator.secret.SecretDecision.Action;
import dev.kluis.operator.secret.SecretDecision.MakeVersion;
import dev.kluis.operator.secret.SecretDecision.PruneVersions;
import dev.kluis.operator.secret.SecretDecision.Recover;
import dev.kluis.operator.secret.SecretDecision.SetDeletionPolicy;
import dev.kluis.operator.secret.SecretDecision.Update;
import dev.kluis.vault.Lifecycle;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.Owner;
import dev.kluis.vault.Ownership;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.object.ObjectState;
import dev.kluis.vault.object.ObjectVersion;
import dev.kluis.vault.object.ObjectView;
import dev.kluis.vault.object.VersionPolicy;
import dev.kluis.vault.object.VersionPolicy.Superseded;
import dev.kluis.vault.seal.SealedText;
import dev.kluis.vault.secret.SecretAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SecretDecisionTest {

    private static final ObjectId TARGET = ObjectId.secret(new VaultId("team", "ours"), "db");
    private static final Owner OWNER = new Owner("VaultSecret", "team", "db");
    private static final Source SOURCE = new Generated(GeneratedValue.of(null, null, null));
    private static final SecretAttributes TAGGED =
            new SecretAttributes(true, Optional.empty(), Optional.empty(), "", Map.of("a", "b"));
    private static final Instant NOW = Instant.EPOCH;
    private static final Superseded NOTHING_SUPERSEDED = new Superseded(List.of(), Optional.empty());
    private static final Lifecycle DELETED = new Lifecycle.Deleted(Instant.EPOCH, Instant.MAX);

    private static DeclaredSecret declared(String rotate) {
        return new DeclaredSecret(TARGET, SecretAttributes.NONE, Optional.of(SOURCE), false, rotate, Optional.empty());
    }

    private static DeclaredSecret sealed(String text, String rotate) {
        return new DeclaredSecret(
                TARGET, SecretAttributes.NONE, Optional.of(new Sealed(text)), false, rotate, Optional.empty());
    }

    private static ObjectView taken(String text) {
        var view = active("");
        return new ObjectView(
                TARGET,
                view.state(),
                view.ownership().map(ownership -> ownership.taken(SealedText.hash(text))),
                view.actor(),
                view.revision());
    }

    @Test
    void versions_that_are_no_longer_kept_are_purged_and_the_next_one_is_waited_for() {
        var policy = new VersionPolicy(2, Duration.ZERO);
        var declared =
                new DeclaredSecret(TARGET, SecretAttributes.NONE, Optional.of(SOURCE), false, "", Optional.of(policy));
        var due = new Superseded(List.of("ab".repeat(16)), Optional.empty());
        assertThat(act(SecretDecision.decide(new SecretObserved(declared, Optional.of(active("")), false, due), NOW)))
                .isEqualTo(new PruneVersions(policy));

        var later = new Superseded(List.of(), Optional.of(NOW.plus(Duration.ofDays(2))));
        var step = SecretDecision.decide(new SecretObserved(declared, Optional.of(active("")), false, later), NOW);
        assertThat(step).isEqualTo(new Step.Settled<Action>(((Step.Settled<Action>) step).readiness(), in(2)));
    }

    private static Optional<Duration> in(int days) {
        return Optional.of(Duration.ofDays(days));
    }

    @Test
    void a_sealed_value_that_was_not_taken_in_yet_makes_a_version() {
        assertThat(act(decide(sealed("kluis1:a", ""), null, true)))
                .isEqualTo(new MakeVersion(new Sealed("kluis1:a"), SecretAttributes.NONE, "", 0));
        assertThat(act(decide(sealed("kluis1:b", ""), taken("kluis1:a"), true)))
                .isEqualTo(new MakeVersion(new Sealed("kluis1:b"), SecretAttributes.NONE, "", 7));
        // The source was another one before.
        assertThat(act(decide(sealed("kluis1:a", ""), active(""), true)))
                .isEqualTo(new MakeVersion(new Sealed("kluis1:a"), SecretAttributes.NONE, "", 7));
    }

    @Test
    void the_same_sealed_text_makes_no_second_version_but_a_rotate_value_takes_it_in_again() {
        assertThat(settled(decide(sealed("kluis1:a", ""), taken("kluis1:a"), true)))
                .isEqualTo(Reason.Available);
        assertThat(act(decide(sealed("kluis1:a", "again"), taken("kluis1:a"), false)))
                .isEqualTo(new MakeVersion(new Sealed("kluis1:a"), SecretAttributes.NONE, "again", 7));
    }

    private static ObjectView view(Lifecycle lifecycle, SecretAttributes attributes, String handled, boolean keep) {
        var version = new ObjectVersion(
                "0".repeat(32),
                Instant.EPOCH,
                Instant.EPOCH,
                attributes.common(),
                attributes.detail(),
                5,
                "0".repeat(64),
                false);
        return new ObjectView(
                TARGET,
                new ObjectState(List.of(version), lifecycle),
                Optional.of(new Ownership(OWNER, handled, keep, "")),
                "resource:" + OWNER,
                7);
    }

    private static ObjectView active(String handled) {
        return view(new Lifecycle.Active(), SecretAttributes.NONE, handled, false);
    }

    private static Step<Action> decide(DeclaredSecret declared, ObjectView view, boolean specChanged) {
        return SecretDecision.decide(
                new SecretObserved(declared, Optional.ofNullable(view), specChanged, NOTHING_SUPERSEDED), NOW);
    }

    private static Action act(Step<Action> step) {
        assertThat(step).isInstanceOf(Step.Act.class);
        return ((Step.Act<Action>) step).action();
    }

    private static Reason settled(Step<Action> step) {
        assertThat(step).isInstanceOf(Step.Settled.class);
        return ((Step.Settled<Action>) step).readiness().reason();
    }

    @Test
    void a_first_value_is_made_and_the_rotate_value_that_is_there_counts_as_handled() {
        var action = act(decide(declared("yesterday"), null, true));

        assertThat(action).isEqualTo(new MakeVersion(SOURCE, SecretAttributes.NONE, "yesterday", 0));
    }

    @Test
    void without_a_source_the_first_value_is_waited_for() {
        var manual = new DeclaredSecret(TARGET, SecretAttributes.NONE, Optional.empty(), false, "", Optional.empty());
        assertThat(settled(decide(manual, null, true))).isEqualTo(Reason.WaitingForValue);
    }

    @Test
    void nothing_is_done_for_what_is_as_declared() {
        assertThat(settled(decide(declared(""), active(""), true))).isEqualTo(Reason.Available);
        assertThat(settled(decide(declared("1"), active("1"), false))).isEqualTo(Reason.Available);
    }

    @Test
    void a_deleted_object_is_recovered_before_anything_else_and_not_rotated() {
        var view = view(DELETED, TAGGED, "1", true);
        assertThat(act(decide(declared("2"), view, true))).isEqualTo(new Recover("2"));
    }

    @Test
    void a_rotate_value_that_was_not_handled_makes_a_version_on_the_record_that_was_seen() {
        assertThat(act(decide(declared("2"), active("1"), false)))
                .isEqualTo(new MakeVersion(SOURCE, SecretAttributes.NONE, "2", 7));
    }

    @Test
    void an_annotation_that_was_taken_away_rotates_nothing() {
        assertThat(settled(decide(declared(""), active("1"), true))).isEqualTo(Reason.Available);
    }

    @Test
    void a_rotate_value_without_a_source_does_nothing() {
        var manual = new DeclaredSecret(TARGET, SecretAttributes.NONE, Optional.empty(), false, "2", Optional.empty());
        assertThat(settled(decide(manual, active("1"), false))).isEqualTo(Reason.Available);
    }

    @Test
    void other_attributes_are_taken_over_when_the_spec_changed_and_only_then() {
        var view = view(new Lifecycle.Active(), TAGGED, "", false);
        assertThat(act(decide(declared(""), view, true))).isEqualTo(new Update(SecretAttributes.NONE));
        assertThat(settled(decide(declared(""), view, false))).isEqualTo(Reason.Available);
    }

    @Test
    void another_deletion_policy_is_written_down() {
        var view = view(new Lifecycle.Active(), SecretAttributes.NONE, "", true);
        assertThat(act(decide(declared(""), view, true))).isEqualTo(new SetDeletionPolicy(false));
    }
}
