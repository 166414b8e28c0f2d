package dev.kluis.vault.engine;

import static dev.kluis.vault.engine.Engine.PAYMENTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kluis.vault.Caller;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.VaultException.Code;
import dev.kluis.vault.access.Role;
import dev.kluis.vault.key.KeyCreate;
import dev.kluis.vault.key.KeyGet;
import dev.kluis.vault.key.KeyRotateIfDue;
import dev.kluis.vault.key.KeyRotationPolicyGet;
import dev.kluis.vault.key.KeyRotationPolicySet;
import dev.kluis.vault.key.KeyRotationPolicySet.LifetimeAction;
import dev.kluis.vault.key.KeyUpdate;
import dev.kluis.vault.key.NewKey;
import dev.kluis.vault.key.WantedKey;
import dev.kluis.vault.object.Attributes;
import dev.kluis.vault.object.AttributesPatch;
import dev.kluis.vault.object.CalendarPeriod;
import dev.kluis.vault.object.ObjectOperations.ObjectDelete;
import dev.kluis.vault.object.RotationPolicy;
import dev.kluis.vault.object.RotationPolicy.BeforeExpiry;
import dev.kluis.vault.object.VersionView;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys that are rotated by themselves, and people who are told of an end. */
class KeyPoliciesTest {

    private static final ObjectId KEY = ObjectId.key(PAYMENTS, "pay");

    private final Engine engine = new Engine().withVault();

    private VersionView create(Optional<Instant> expires) {
        return engine.as(
                Role.CRYPTO_OFFICER,
                new KeyCreate(
                        KEY,
                        new WantedKey("EC", Optional.empty(), Optional.empty(), Optional.empty()),
                        new NewKey(
                                Optional.empty(),
                                new Attributes(true, Optional.empty(), expires, Map.of("owner", "billing")),
                                false,
                                Optional.empty())));
    }

    private VersionView current() {
        return engine.as(Role.READER, new KeyGet(KEY, Optional.empty()));
    }

    private static LifetimeAction after(String type, String time) {
        return new LifetimeAction(type, Optional.of(time), Optional.empty());
    }

    private static LifetimeAction before(String type, String time) {
        return new LifetimeAction(type, Optional.empty(), Optional.of(time));
    }

    private RotationPolicy set(Optional<String> expiryTime, LifetimeAction... actions) {
        return engine.as(Role.CRYPTO_OFFICER, new KeyRotationPolicySet(KEY, expiryTime, List.of(actions)));
    }

    private void assertRefused(Optional<String> expiryTime, LifetimeAction... actions) {
        assertThatThrownBy(() -> set(expiryTime, actions))
                .isInstanceOfSatisfying(
                        VaultException.class,
                        refused -> assertThat(refused.code()).isEqualTo(Code.BAD_PARAMETER));
    }

    @Test
    void a_key_whose_policy_nobody_set_tells_of_its_end_30_days_before() {
        create(Optional.of(engine.now.plus(Duration.ofDays(40))));
        var policy = engine.as(Role.READER, new KeyRotationPolicyGet(KEY));
        assertThat(policy.rotate()).isEmpty();
        assertThat(policy.notice()).contains(new BeforeExpiry(new CalendarPeriod("P30D")));

        engine.clockwork().rotateKeys();
        assertThat(engine.keyEvents).isEmpty();
        engine.pass(Duration.ofDays(11));
        engine.clockwork().rotateKeys();
        engine.clockwork().rotateKeys();
        engine.restart();
        engine.clockwork().rotateKeys();
        assertThat(engine.keyEvents)
                .containsExactly(
                        "NEAR_EXPIRY " + KEY + " " + current().version().id());
        assertThat(engine.audit).extracting(line -> line.operation()).contains("KeyNearExpiryEventGridNotification");
    }

    @Test
    void that_a_key_has_expired_is_told_for_a_while_also_after_a_restart() {
        var key = create(Optional.of(engine.now.plus(Duration.ofDays(1))));
        engine.clockwork().rotateKeys();
        engine.pass(Duration.ofDays(1));
        engine.clockwork().rotateKeys();
        engine.restart();
        engine.clockwork().rotateKeys();
        String expired = "EXPIRED " + KEY + " " + key.version().id();
        assertThat(engine.keyEvents)
                .containsExactly("NEAR_EXPIRY " + KEY + " " + key.version().id(), expired, expired);
        engine.pass(Duration.ofMinutes(30));
        engine.clockwork().rotateKeys();
        assertThat(engine.keyEvents).hasSize(3);
    }

    @Test
    void an_end_that_was_moved_is_told_of_anew() {
        create(Optional.of(engine.now.plus(Duration.ofDays(10))));
        engine.clockwork().rotateKeys();
        var later = new AttributesPatch(
                Optional.empty(),
                Optional.empty(),
                Optional.of(engine.now.plus(Duration.ofDays(20))),
                Optional.empty());
        engine.as(Role.CRYPTO_USER, new KeyUpdate(KEY, Optional.empty(), later, Optional.empty(), Optional.empty()));
        engine.clockwork().rotateKeys();
        assertThat(engine.keyEvents).hasSize(2).allMatch(event -> event.startsWith("NEAR_EXPIRY"));
    }

    @Test
    void a_key_is_rotated_when_its_policy_demands_it_and_its_new_version_has_an_end_of_its_own() {
        var first = create(Optional.empty());
        set(Optional.of("P1Y"), after("Rotate", "P90D"), before("Notify", "P30D"));
        engine.pass(Duration.ofDays(89));
        assertThat(engine.clockwork().rotateKeys()).isZero();
        engine.pass(Duration.ofDays(1));
        assertThat(engine.clockwork().rotateKeys()).isEqualTo(1);
        assertThat(engine.clockwork().rotateKeys()).isZero();

        assertThat(engine.audit).extracting(line -> line.operation()).endsWith("KeyRotateIfDue");
        assertThat(engine.audit.getLast().caller()).isEqualTo("kluis:clockwork");
        var second = current();
        assertThat(second.version().id()).isNotEqualTo(first.version().id());
        assertThat(engine.keyEvents)
                .containsExactly("NEW_VERSION " + KEY + " " + second.version().id());
        assertThat(second.version().attributes().tags()).containsEntry("owner", "billing");
        assertThat(second.version().attributes().expires()).contains(Instant.parse("2027-04-01T00:00:00Z"));
    }

    @Test
    void a_rotation_before_the_end_follows_the_end() {
        create(Optional.of(engine.now.plus(Duration.ofDays(100))));
        set(Optional.of("P60D"), before("Rotate", "P10D"));
        engine.pass(Duration.ofDays(90));
        assertThat(engine.clockwork().rotateKeys()).isEqualTo(1);
        engine.pass(Duration.ofDays(50));
        assertThat(engine.clockwork().rotateKeys()).isEqualTo(1);
    }

    @Test
    void deleted_and_disabled_keys_are_not_rotated() {
        create(Optional.empty());
        set(Optional.empty(), after("Rotate", "P7D"));
        engine.pass(Duration.ofDays(8));
        var off = new AttributesPatch(Optional.of(false), Optional.empty(), Optional.empty(), Optional.empty());
        engine.as(Role.CRYPTO_USER, new KeyUpdate(KEY, Optional.empty(), off, Optional.empty(), Optional.empty()));
        assertThat(engine.clockwork().rotateKeys()).isZero();
        engine.as(Role.CRYPTO_OFFICER, new ObjectDelete(KEY));
        assertThat(engine.clockwork().rotateKeys()).isZero();
    }

    @Test
    void the_clockwork_may_rotate_what_is_due_and_nothing_else() {
        var first = create(Optional.empty());
        assertThat(engine.vault.execute(new Caller.Clockwork(), new KeyRotateIfDue(KEY)))
                .isEmpty();
        assertThat(current()).isEqualTo(first);
        assertThatThrownBy(() -> engine.vault.execute(new Caller.Clockwork(), new KeyGet(KEY, Optional.empty())))
                .isInstanceOf(VaultException.class);
    }

    @Test
    void a_policy_comes_back_as_it_was_written_and_keeps_when_it_was_made() {
        create(Optional.empty());
        var first = set(Optional.of("P18M"), after("rotate", "P1Y6D"), before("NOTIFY", "P4W"));
        assertThat(first.expiryTime()).contains(new CalendarPeriod("P18M"));
        engine.pass(Duration.ofDays(1));
        var second = set(Optional.empty());
        assertThat(second.created()).isEqualTo(first.created());
        assertThat(second.updated()).isEqualTo(first.updated().plus(Duration.ofDays(1)));
        assertThat(engine.as(Role.READER, new KeyRotationPolicyGet(KEY))).isEqualTo(second);
        assertThat(second.notice()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "P", "PT1H", "90D", "P-1D", "p90d", "P1.5Y", "P90D ", "P1D1M", "P101Y", "P99999999999D"})
    void a_time_of_another_form_is_refused(String time) {
        create(Optional.empty());
        assertRefused(Optional.of(time));
        assertRefused(Optional.empty(), after("Rotate", time));
        assertRefused(Optional.empty(), before("Notify", time));
    }

    @Test
    void policies_that_would_rotate_too_often_or_too_late_are_refused() {
        create(Optional.empty());
        assertRefused(Optional.of("P27D"));
        assertRefused(Optional.empty(), after("Rotate", "P6D"));
        assertRefused(Optional.empty(), before("Rotate", "P30D"));
        assertRefused(Optional.of("P30D"), after("Rotate", "P24D"));
        assertRefused(Optional.of("P30D"), before("Rotate", "P24D"));
        assertRefused(Optional.of("P30D"), before("Rotate", "P6D"));
        assertRefused(Optional.of("P30D"), after("Rotate", "P8D"), after("rotate", "P9D"));
        assertRefused(Optional.empty(), after("Delete", "P30D"));
        assertRefused(Optional.empty(), new LifetimeAction("Rotate", Optional.empty(), Optional.empty()));
        assertRefused(Optional.empty(), new LifetimeAction("Rotate", Optional.of("P7D"), Optional.of("P7D")));
        assertThat(set(Optional.of("P30D"), after("Rotate", "P23D")).rotate()).isPresent();
        assertThat(set(Optional.of("P30D"), before("Rotate", "P23D")).rotate()).isPresent();
    }
}
