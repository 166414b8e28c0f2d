package dev.kluis.vault.key;

import dev.kluis.vault.object.CalendarPeriod;
import dev.kluis.vault.object.KeyDetail;
import dev.kluis.vault.object.ObjectState;
import dev.kluis.vault.object.RotationPolicy;
import dev.kluis.vault.object.RotationPolicy.BeforeExpiry;
import dev.kluis.vault.object.RotationPolicy.Trigger;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** When something is to happen to a key by itself. Only its current version has dates that count. */
public final class KeyDates {

    /** When somebody is told of the end of a version, where no policy says: as in Key Vault. */
    static final Trigger USUAL_NOTICE = new BeforeExpiry(CalendarPeriod.ofDays(30));

    private static final Duration JUST = Duration.ofMinutes(30);

    private KeyDates() {}

    /** When a new version is due; absent where none will be made. */
    public static Optional<Instant> rotation(ObjectState key) {
        boolean usable =
                key.active() && !key.managed() && key.current().attributes().enabled();
        return key.policy() instanceof RotationPolicy policy && usable
                ? policy.rotate().flatMap(trigger -> trigger.of(key.current()))
                : Optional.empty();
    }

    /** When somebody is to be told that the current version is about to expire; absent once that was done. */
    public static Optional<Instant> notice(ObjectState key) {
        if (!key.active()
                || !key.current().attributes().enabled()
                || KeyDetail.of(key.current()).told()) {
            return Optional.empty();
        }
        var trigger = key.policy() instanceof RotationPolicy policy ? policy.notice() : Optional.of(USUAL_NOTICE);
        return key.current().attributes().expires().flatMap(end -> trigger.flatMap(one -> one.of(key.current())));
    }

    /** Whether the current version ended less than half an hour ago. */
    public static boolean justExpired(ObjectState key, Instant now) {
        return key.active()
                && key.current()
                        .attributes()
                        .expires()
                        .filter(end -> !now.isBefore(end) && now.isBefore(end.plus(JUST)))
                        .isPresent();
    }

    /** Whether a date has come. */
    public static boolean due(Optional<Instant> date, Instant now) {
        return date.filter(at -> !now.isBefore(at)).isPresent();
    }
}
