package dev.kluis.vault.key;

import dev.kluis.vault.ObjectId;
import dev.kluis.vault.ObjectOperation;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.VaultException.Code;
import dev.kluis.vault.access.Action;
import dev.kluis.vault.object.CalendarPeriod;
import dev.kluis.vault.object.ObjectRules;
import dev.kluis.vault.object.RotationPolicy;
import dev.kluis.vault.object.RotationPolicy.AfterCreation;
import dev.kluis.vault.object.RotationPolicy.BeforeExpiry;
import dev.kluis.vault.object.RotationPolicy.Trigger;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Says when a key is rotated by itself, and when somebody is told of its end.
 *
 * @param expiryTime how long a version is valid that rotation makes, such as {@code P90D}: at least 28 days
 * @param actions at most one of each type
 */
public record KeyRotationPolicySet(ObjectId target, Optional<String> expiryTime, List<LifetimeAction> actions)
        implements ObjectOperation<RotationPolicy> {

    private static final Set<String> TYPES = Set.of("rotate", "notify");
    private static final int MIN_EXPIRY_DAYS = 28;
    /** Nothing is rotated sooner after it was made, nor later before it expires. */
    private static final int MIN_DAYS = 7;

    /** Times are added up from here: how long a month is matters little. */
    private static final Instant START = Instant.parse("2026-02-01T00:00:00Z");

    public KeyRotationPolicySet {
        actions = List.copyOf(actions);
    }

    /**
     * What is done when.
     *
     * @param type {@code Rotate} or {@code Notify}, in any case
     * @param timeAfterCreate this or the other one
     */
    public record LifetimeAction(String type, Optional<String> timeAfterCreate, Optional<String> timeBeforeExpiry) {}

    @Override
    public Action action() {
        return Action.KEY_ROTATION_POLICY_WRITE;
    }

    @Override
    public Outcome<RotationPolicy> decide(Situation situation) {
        var expiry = expiryTime.map(time -> period("expiryTime", time));
        expiry.ifPresent(
                time -> require(time.isAtLeast(MIN_EXPIRY_DAYS), "'expiryTime' is at least P" + MIN_EXPIRY_DAYS + "D"));
        require(
                actions.stream().allMatch(one -> TYPES.contains(one.type().toLowerCase(Locale.ROOT))),
                "the type of a lifetime action is Rotate or Notify");
        var rotate = trigger("rotate");
        var notice = trigger("notify");
        rotate.ifPresent(trigger -> requireLegal(trigger, expiry));
        var existing = situation.changeable(target);
        var now = situation.now();
        var created = existing.state().policy() instanceof RotationPolicy before ? before.created() : now;
        var policy = new RotationPolicy(created, now, expiry, rotate, notice);
        return Outcome.changed(existing, existing.state().with(policy), policy);
    }

    private Optional<Trigger> trigger(String type) {
        var some = actions.stream()
                .filter(one -> one.type().equalsIgnoreCase(type))
                .toList();
        require(some.size() < 2, "there is at most one lifetime action of each type");
        return some.stream().findFirst().map(KeyRotationPolicySet::trigger);
    }

    private static Trigger trigger(LifetimeAction action) {
        require(
                action.timeAfterCreate().isPresent()
                        != action.timeBeforeExpiry().isPresent(),
                "a trigger has either 'timeAfterCreate' or 'timeBeforeExpiry'");
        return action.timeAfterCreate()
                .<Trigger>map(time -> new AfterCreation(period("timeAfterCreate", time)))
                .orElseGet(() -> new BeforeExpiry(
                        period("timeBeforeExpiry", action.timeBeforeExpiry().orElseThrow())));
    }

    private static void requireLegal(Trigger rotate, Optional<CalendarPeriod> expiry) {
        require(rotate.period().isAtLeast(MIN_DAYS), "a rotation is at least P" + MIN_DAYS + "D after and before");
        if (expiry.isEmpty()) {
            require(rotate instanceof AfterCreation, "'timeBeforeExpiry' of a rotation needs an 'expiryTime'");
            return;
        }
        var end = expiry.get().after(START);
        var other = rotate instanceof AfterCreation
                ? rotate.period().after(START)
                : rotate.period().before(end);
        var least = CalendarPeriod.ofDays(MIN_DAYS);
        boolean between = rotate instanceof AfterCreation
                ? !other.isAfter(least.before(end))
                : !other.isBefore(least.after(START));
        require(between, "a rotation is at least P" + MIN_DAYS + "D after a version was made and before it expires");
    }

    private static CalendarPeriod period(String name, String text) {
        try {
            return new CalendarPeriod(text);
        } catch (IllegalArgumentException e) {
            throw new VaultException(Code.BAD_PARAMETER, "'" + name + "': " + e.getMessage());
        }
    }

    private static void require(boolean legal, String otherwise) {
        ObjectRules.require(legal, otherwise);
    }
}
