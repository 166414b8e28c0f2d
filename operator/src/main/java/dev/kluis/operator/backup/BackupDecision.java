package dev.kluis.operator.backup;

import java.time.Duration;
import java.time.Instant;

/** What is to be done about the backups of a vault. */
final class BackupDecision {

    private static final Duration FIRST_RETRY = Duration.ofMinutes(1);
    private static final Duration LONGEST_RETRY = Duration.ofHours(1);
    private static final int DOUBLINGS = 6;

    /** What is next. */
    enum Next {
        /** Ask the destination for the newest file: what was done before this process began is not done again. */
        LOOK,
        BACK_UP,
        WAIT
    }

    private BackupDecision() {}

    static Next decide(BackupObserved observed, Instant now) {
        if (now.isBefore(due(observed, now))) {
            return Next.WAIT;
        }
        return observed.looked() ? Next.BACK_UP : Next.LOOK;
    }

    /**
     * When the next step is due. However many runs were missed, one makes up for them. A success that lies in the future,
     * since a clock was set back, does not hold the next one up.
     */
    static Instant due(BackupObserved observed, Instant now) {
        var afterFailure = observed.lastAttempt()
                .filter(attempt -> observed.failures() > 0 && !attempt.isAfter(now))
                .map(attempt -> attempt.plus(retry(observed.failures())));
        if (afterFailure.isPresent()) {
            return afterFailure.get();
        }
        return observed.lastSuccess()
                .filter(success -> observed.looked() && !success.isAfter(now))
                .map(success -> success.plus(observed.declared().every()))
                .orElse(now);
    }

    private static Duration retry(int failures) {
        var wait = FIRST_RETRY.multipliedBy(1L << Math.min(failures - 1, DOUBLINGS));
        return wait.compareTo(LONGEST_RETRY) < 0 ? wait : LONGEST_RETRY;
    }
}
