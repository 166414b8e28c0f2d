package dev.kluis.operator.vault;

import dev.kluis.operator.backup.BackupStanding;
import dev.kluis.operator.host.HostState;
import dev.kluis.vault.Resealing.Progress;
import dev.kluis.vault.VaultOperations.VaultView;
import dev.kluis.vault.VaultSettings;
import java.util.List;
import java.util.Optional;

/**
 * All that is read for a decision on a Vault.
 *
 * @param vault as the engine has it
 * @param dependents what depends on it from outside, as kind/namespace/name
 * @param rotate the value of the annotation {@code kluis.dev/rotate}; empty for none
 * @param keys how far a rotation of its keys has come
 * @param backup how its backups stand, where they are declared
 * @param host how the Service of its host stands
 */
record VaultObserved(
        VaultSettings declared,
        Optional<VaultView> vault,
        ObjectCounts objects,
        List<String> dependents,
        Optional<BackupStanding> backup,
        String rotate,
        Optional<Progress> keys,
        HostState host) {

    VaultObserved {
        dependents = List.copyOf(dependents);
    }
}
