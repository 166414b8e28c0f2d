package dev.kluis.operator.vault;

import dev.kluis.crds.v1alpha1.VaultSpec;
import dev.kluis.crds.v1alpha1.VaultStatus;
import dev.kluis.operator.backup.BackupStanding;
import dev.kluis.operator.kind.VaultRefs;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.backup.Totals;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A Vault's status: the values in force and what is in the vault. */
final class VaultStatuses {

    private static final int NAMED_DEPENDENTS = 10;

    private VaultStatuses() {}

    /**
     * @param spec whose duration comes back as it is written
     * @param lastBackup as the status had it: it stays until there is news
     */
    static VaultStatus of(
            VaultId id,
            @Nullable VaultSpec spec,
            VaultStatus.@Nullable Backup lastBackup,
            Optional<VaultObserved> observed) {
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
            status.objects.secrets = seen.objects().secrets();
            status.objects.keys = seen.objects().keys();
            status.objects.deleted = seen.objects().deleted();
            seen.backup().ifPresent(backup -> {
                // Without a field it would be null to an apply, which the schema refuses.
                boolean news = backup.lastAttempt().isPresent()
                        || backup.next().isPresent()
                        || backup.lastSuccess().isPresent();
                status.backup = news ? backup(backup) : lastBackup;
                status.conditions.add(backedUp(backup));
            });
            seen.keys().ifPresent(keys -> {
                status.keys = new VaultStatus.Keys();
                status.keys.generation = keys.generation();
                status.keys.rotating = keys.rotating() ? true : null;
                status.keys.behind = keys.rotating() ? keys.behind() : null;
            });
            if (!seen.dependents().isEmpty()) {
                status.dependents = new VaultStatus.Dependents();
                status.dependents.count = seen.dependents().size();
                status.dependents.names =
                        seen.dependents().stream().limit(NAMED_DEPENDENTS).toList();
            }
        });
        return status;
    }

    private static VaultStatus.Backup backup(BackupStanding standing) {
        var backup = new VaultStatus.Backup();
        backup.lastSuccess = standing.lastSuccess().map(Instant::toString).orElse(null);
        backup.lastAttempt = standing.lastAttempt().map(Instant::toString).orElse(null);
        backup.next = standing.next().map(Instant::toString).orElse(null);
        backup.location = standing.location().orElse(null);
        backup.bytes = standing.bytes().orElse(null);
        backup.objects = standing.totals().map(Totals::objects).orElse(null);
        backup.unreadable = standing.totals().map(Totals::unreadable).orElse(null);
        backup.signer = standing.signer().orElse(null);
        return backup;
    }

    private static Condition backedUp(BackupStanding standing) {
        return new ConditionBuilder()
                .withType("BackedUp")
                .withStatus(standing.good().map(good -> good ? "True" : "False").orElse("Unknown"))
                .withReason(standing.good()
                        .map(good -> good ? "BackupSucceeded" : "BackupFailed")
                        .orElse("NotYetBackedUp"))
                .withMessage(standing.message())
                .build();
    }
}
