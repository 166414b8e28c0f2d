package dev.kluis.operator.vault;

import dev.kluis.operator.kind.Readiness;
import dev.kluis.operator.kind.Reason;
import dev.kluis.operator.kind.Step;
import dev.kluis.vault.VaultSettings;
import java.time.Duration;
import java.util.Optional;

/** What is to be done for a Vault. */
final class VaultDecision {

    /** Mounting pods fall out of the list of dependents by time. */
    private static final Duration DEPENDENTS_AGAIN = Duration.ofMinutes(1);

    /** Creates the vault, changes its settings, or recovers it: one operation of the engine. */
    record Put(VaultSettings settings) {}

    private VaultDecision() {}

    static Step<Put> decide(VaultObserved observed) {
        boolean asDeclared = observed.vault()
                .filter(vault -> vault.active() && vault.settings().equals(observed.declared()))
                .isPresent();
        if (!asDeclared) {
            return new Step.Act<>(new Put(observed.declared()));
        }
        return new Step.Settled<>(
                new Readiness(Reason.Available, "the vault is in use"),
                observed.dependents().isEmpty() ? Optional.empty() : Optional.of(DEPENDENTS_AGAIN));
    }
}
