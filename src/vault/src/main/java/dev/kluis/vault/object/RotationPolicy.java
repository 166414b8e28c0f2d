package dev.kluis.vault.object;

import java.time.Instant;
import java.util.Optional;

/**
 * When a key gets a new version by itself, and when somebody is told that one is about to expire.
 *
 * @param expiryTime how long a version is valid that rotation makes; absent leaves it without an end
 * @param rotate when a new version is made
 * @param notice when somebody is told
 */
public record RotationPolicy(
        Instant created,
        Instant updated,
        Optional<CalendarPeriod> expiryTime,
        Optional<Trigger> rotate,
        Optional<Trigger> notice)
        implements ObjectPolicy {

    /** A moment in the life of a version. */
    public sealed interface Trigger {

        CalendarPeriod period();

        /** When it comes for a version; absent for one that never expires, where it is counted from that. */
        Optional<Instant> of(ObjectVersion version);
    }

    /** So long after a version was made. */
    public record AfterCreation(CalendarPeriod period) implements Trigger {
        @Override
        public Optional<Instant> of(ObjectVersion version) {
            return Optional.of(period.after(version.created()));
        }
    }

    /** So long before a version expires. */
    public record BeforeExpiry(CalendarPeriod period) implements Trigger {
        @Override
        public Optional<Instant> of(ObjectVersion version) {
            return version.attributes().expires().map(period::before);
        }
    }
}
