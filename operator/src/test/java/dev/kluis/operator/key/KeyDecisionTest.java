package dev.kluis.operator.key;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kluis.crypto.key.KeyOperation;
import dev.kluis.crypto.key.KeySpec;
import dev.kluis.operator.key.DeclaredKey.Rotation;
import dev.kluis.operator.key.KeyDecision.Action;
import dev.kluis.operator.key.KeyDecision.Generate;
import dev.kluis.operator.key.KeyDecision.Recover;
import dev.kluis.operator.key.KeyDecision.SetDeletionPolicy;
import dev.kluis.operator.key.KeyDecision.SetRotation;
import dev.kluis.operator.key.KeyDecision.TakeIn;
import dev.kluis.operator.key.KeyDecision.Update;
import dev.kluis.operator.kind.Reason;
import dev.kluis.operator.kind.Step;
import dev.kluis.vault.Lifecycle;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.Owner;
import dev.kluis.vault.Ownership;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.key.KeySetAttributes;
import dev.kluis.vault.key.WantedKey;
import dev.kluis.vault.object.Attributes;
import dev.kluis.vault.object.CalendarPeriod;
import dev.kluis.vault.object.KeyDetail;
import dev.kluis.vault.object.ObjectPolicy;
import dev.kluis.vault.object.ObjectState;
import dev.kluis.vault.object.ObjectVersion;
import dev.kluis.vault.object.ObjectView;
import dev.kluis.vault.object.RotationPolicy;
import dev.kluis.vault.object.RotationPolicy.AfterCreation;
import dev.kluis.vault.object.RotationPolicy.BeforeExpiry;
import dev.kluis.vault.seal.SealedText;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KeyDecisionTest {

    private static final ObjectId TARGET = ObjectId.key(new VaultId("team", "ours"), "mac");
    private static final WantedKey OCT = new WantedKey("oct", Optional.of(512), Optional.empty(), Optional.empty());
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant END = Instant.parse("2030-01-01T00:00:00Z");
    private static final Rotation YEARLY = new Rotation(
            Optional.of(new AfterCreation(new CalendarPeriod("P300D"))),
            Optional.of(new CalendarPeriod("P365D")),
            Optional.of(new BeforeExpiry(new CalendarPeriod("P30D"))));
    private static final Instant IN_A_YEAR = NOW.plus(Duration.ofDays(365));
    private static final String SEALED = "kluis1:AAAA";

    private Attributes attributes = Attributes.NONE;
    private Optional<Rotation> rotation = Optional.empty();
    private Optional<String> sealed = Optional.empty();
    private boolean keep;
    private String rotate = "";

    private Attributes there = Attributes.NONE;
    private ObjectPolicy policy = ObjectPolicy.NONE;
    private Lifecycle lifecycle = new Lifecycle.Active();
    private String taken = "";
    private String handled = "";

    private static Attributes ending(Instant end) {
        return new Attributes(true, Optional.empty(), Optional.of(end), Map.of());
    }

    private DeclaredKey declared() {
        return new DeclaredKey(TARGET, OCT, Optional.empty(), attributes, rotation, sealed, keep, rotate);
    }

    private ObjectView key() {
        var detail = new KeyDetail(
                new KeySpec.Oct(512),
                EnumSet.of(KeyOperation.SIGN, KeyOperation.VERIFY),
                false,
                Optional.empty(),
                Optional.empty(),
                false);
        var version = new ObjectVersion("ab".repeat(16), NOW, NOW, there, detail, 64, "cd".repeat(32), false);
        return new ObjectView(
                TARGET,
                new ObjectState(List.of(version), lifecycle, false, policy),
                Optional.of(new Ownership(new Owner("VaultKey", "team", "mac"), handled, false, taken)),
                "resource:VaultKey/team/mac",
                7);
    }

    private Step<Action> decide(boolean specChanged) {
        return KeyDecision.decide(new KeyObserved(declared(), Optional.of(key()), specChanged), NOW);
    }

    private static Action act(Step<Action> step) {
        return ((Step.Act<Action>) step).action();
    }

    private static void assertSettled(Step<Action> step) {
        assertThat(((Step.Settled<Action>) step).readiness().reason()).isEqualTo(Reason.Available);
    }

    private Action first() {
        return act(KeyDecision.decide(new KeyObserved(declared(), Optional.empty(), true), NOW));
    }

    @Test
    void a_key_that_is_not_there_is_generated_and_its_rotate_value_counts_as_handled() {
        rotate = "yesterday";
        assertThat(first()).isEqualTo(new Generate(Attributes.NONE, "yesterday", 0));
    }

    @Test
    void a_first_version_is_valid_as_long_as_each_unless_its_end_is_declared() {
        rotation = Optional.of(YEARLY);
        assertThat(first()).isEqualTo(new Generate(ending(IN_A_YEAR), "", 0));
        attributes = ending(END);
        assertThat(first()).isEqualTo(new Generate(ending(END), "", 0));
    }

    @Test
    void a_sealed_key_is_taken_in_once_for_each_text() {
        sealed = Optional.of(SEALED);
        assertThat(first()).isEqualTo(new TakeIn(SEALED, Attributes.NONE, "", 0));
        taken = SealedText.hash("another");
        assertThat(act(decide(false))).isEqualTo(new TakeIn(SEALED, Attributes.NONE, "", 7));
        taken = SealedText.hash(SEALED);
        assertSettled(decide(true));
    }

    @Test
    void a_new_rotate_value_generates_a_version_even_of_a_key_that_was_taken_in() {
        sealed = Optional.of(SEALED);
        taken = SealedText.hash(SEALED);
        rotate = "2";
        handled = "1";
        assertThat(act(decide(false))).isEqualTo(new Generate(Attributes.NONE, "2", 7));
        handled = "2";
        assertSettled(decide(false));
    }

    @Test
    void what_is_deleted_is_recovered_before_anything_else() {
        lifecycle = new Lifecycle.Deleted(NOW, END);
        rotate = "2";
        attributes = ending(END);
        assertThat(act(decide(true))).isEqualTo(new Recover("2"));
    }

    @Test
    void attributes_are_taken_over_only_when_the_spec_changed() {
        attributes = new Attributes(false, Optional.empty(), Optional.empty(), Map.of("a", "b"));
        assertSettled(decide(false));
        assertThat(act(decide(true))).isEqualTo(new Update(new KeySetAttributes(TARGET, attributes, Optional.empty())));
        there = attributes;
        assertSettled(decide(true));
    }

    @Test
    void an_end_that_is_no_longer_declared_goes_unless_versions_have_one_by_the_policy() {
        there = ending(END);
        assertThat(act(decide(true)))
                .isEqualTo(new Update(new KeySetAttributes(TARGET, Attributes.NONE, Optional.empty())));

        rotation = Optional.of(YEARLY);
        policy = policy(YEARLY);
        assertSettled(decide(true));
        there = Attributes.NONE;
        assertThat(act(decide(true)))
                .isEqualTo(new Update(new KeySetAttributes(TARGET, ending(IN_A_YEAR), Optional.empty())));
    }

    private static RotationPolicy policy(Rotation rotation) {
        return new RotationPolicy(NOW, NOW, rotation.expires(), rotation.trigger(), rotation.notice());
    }

    @Test
    void a_declared_rotation_policy_is_in_force_whoever_changed_it() {
        there = ending(IN_A_YEAR);
        rotation = Optional.of(YEARLY);
        assertThat(act(decide(false))).isEqualTo(new SetRotation(YEARLY));
        policy = policy(YEARLY);
        assertSettled(decide(false));
        policy = policy(new Rotation(YEARLY.trigger(), YEARLY.expires(), Optional.empty()));
        assertThat(act(decide(false))).isEqualTo(new SetRotation(YEARLY));
    }

    @Test
    void a_policy_that_is_not_declared_stays_until_the_spec_changes() {
        policy = policy(YEARLY);
        assertSettled(decide(false));
        var usual = ((SetRotation) act(decide(true))).rotation();
        assertThat(usual.trigger()).isEmpty();
        assertThat(usual.expires()).isEmpty();
        policy = policy(usual);
        assertSettled(decide(true));
    }

    @Test
    void the_deletion_policy_is_remembered_in_the_ownership() {
        keep = true;
        assertThat(act(decide(false))).isEqualTo(new SetDeletionPolicy(true));
    }
}
