package dev.kluis.operator.kind;

import java.time.Duration;
import java.util.Optional;

/**
 * What a decision says is next.
 *
 * @param <A> the actions of the kind
 */
public sealed interface Step<A> {

    /** Something has to be done; then all is read and decided again. */
    record Act<A>(A action) implements Step<A> {}

    /**
     * Nothing has to be done.
     *
     * @param again when to look again though nothing changed
     */
    record Settled<A>(Readiness readiness, Optional<Duration> again) implements Step<A> {}
}
