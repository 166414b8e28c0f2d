package dev.kluis.operator.vault;

import dev.kluis.crds.v1alpha1.VaultSpec;
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

    /** @param spec whose duration comes back as it is written */
    static VaultStatus of(VaultId id, @Nullable VaultSpec spec, Optional<VaultObserved> observed) {
        var status = new VaultStatus();
        String offline = spec == null ? null : spec.offline;
        observed.ifPresent(seen -> {
            seen.vault().filter(vault -> vault.active()).ifPresent(vault -> {
                status.uri = VaultRefs.uri(id);
                status.sku = "Standard";
                status.sealingKey = new VaultStatus.SealingKey();
                status.sealingKey.recipient = vault.recipient().text();
                status.sealingKey.id = vault.recipient().id();
                status.sealingKey.created = vault.recipientCreated().toString();
                status.retention = "P" + vault.settings().retentionDays() + "D";
                status.permissionModel = spec == null || spec.permissionModel == null ? "RBAC" : spec.permissionModel;
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
