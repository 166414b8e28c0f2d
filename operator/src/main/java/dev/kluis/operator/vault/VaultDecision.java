package dev.kluis.operator.vault;

import dev.kluis.operator.host.HostState;
import dev.kluis.operator.kind.Readiness;
import dev.kluis.operator.kind.Reason;
import dev.kluis.operator.kind.Step;
import dev.kluis.vault.Resealing.Progress;
import dev.kluis.vault.VaultSettings;
import java.time.Duration;
import java.util.Optional;

/** What is to be done for a Vault. */
final class VaultDecision {

    /** Mounting pods fall out of the list of dependents by time. */
    private static final Duration DEPENDENTS_AGAIN = Duration.ofMinutes(1);

    /** How far the rotation of its keys has come is shown as it goes on. */
    private static final Duration PROGRESS_AGAIN = Duration.ofSeconds(5);

    sealed interface Action {}

    /**
     * Creates the vault, changes its settings, or recovers it: one operation of the engine.
     *
     * @param rotate a value that is there when the vault is made or comes back counts as handled
     */
    record Put(VaultSettings settings, String rotate) implements Action {}

    /** New keys, asked for by another value of the annotation. */
    record RotateKeys(String rotate) implements Action {}

    /** The Service of its host. */
    record PutHost() implements Action {}

    private VaultDecision() {}

    static Step<Action> decide(VaultObserved observed) {
        var vault =
                observed.vault().filter(one -> one.active() && one.settings().equals(observed.declared()));
        if (vault.isEmpty()) {
            return new Step.Act<>(new Put(observed.declared(), observed.rotate()));
        }
        boolean rotating = observed.keys().filter(Progress::rotating).isPresent();
        boolean asked = !observed.rotate().isEmpty()
                && !observed.rotate().equals(vault.get().handledRotate());
        if (asked && !rotating) {
            return new Step.Act<>(new RotateKeys(observed.rotate()));
        }
        if (observed.host() == HostState.MISSING) {
            return new Step.Act<>(new PutHost());
        }
        return new Step.Settled<>(
                readiness(observed.host()),
                rotating
                        ? Optional.of(PROGRESS_AGAIN)
                        : observed.dependents().isEmpty() ? Optional.empty() : Optional.of(DEPENDENTS_AGAIN));
    }

    private static Readiness readiness(HostState host) {
        return switch (host) {
            case THERE, ELSEWHERE, MISSING -> new Readiness(Reason.Available, "the vault is in use");
            case TAKEN ->
                new Readiness(
                        Reason.Conflict,
                        "in the namespace 'vault' there is a Service of the vault's name that Kluis did not make, so that the"
                                + " vault has no host of its own: take the Service away, or name the vault otherwise");
            case UNKNOWN ->
                new Readiness(Reason.HostUnavailable, "the Service of the vault's host cannot be read; trying again");
        };
    }
}
