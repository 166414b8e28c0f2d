package dev.kluis.operator.vault;

import dev.kluis.crds.v1alpha1.VaultStatus;
import dev.kluis.operator.kind.VaultRefs;
import dev.kluis.vault.VaultId;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A Vault's status: the values in force and what is in the vault. */
final class VaultStatuses {

    private static final int NAMED_DEPENDENTS = 10;

    private VaultStatuses() {}

    /** @param offline as the resource writes it, which is how it comes back */
    static VaultStatus of(VaultId id, @Nullable String offline, Optional<VaultObserved> observed) {
        var status = new VaultStatus();
        observed.ifPresent(seen -> {
            seen.vault().filter(vault -> vault.active()).ifPresent(vault -> {
                status.uri = VaultRefs.uri(id);
                status.sku = "Standard";
                status.sealingKey = new VaultStatus.SealingKey();
                status.sealingKey.recipient = vault.recipient().text();
                status.sealingKey.id = vault.recipient().id();
                status.sealingKey.created = vault.recipientCreated().toString();
                status.retention = "P" + vault.settings().retentionDays() + "D";
                status.purgeProtection = vault.settings().purgeProtection();
                status.offline = vault.settings().equals(seen.declared())
                        ? offline
                        : vault.settings().offline().map(Duration::toString).orElse(null);
            });
            status.objects = new VaultStatus.Objects();
            status.objects.secrets = seen.secrets();
            status.objects.deleted = seen.deleted();
            if (!seen.dependents().isEmpty()) {
                status.dependents = new VaultStatus.Dependents();
                status.dependents.count = seen.dependents().size();
                status.dependents.names =
                        seen.dependents().stream().limit(NAMED_DEPENDENTS).toList();
            }
        });
        return status;
    }
}
