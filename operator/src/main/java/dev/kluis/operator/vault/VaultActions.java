package dev.kluis.operator.vault;

import dev.kluis.crds.v1alpha1.Vault;
import dev.kluis.operator.backup.BackupStanding;
import dev.kluis.operator.backup.Backups;
import dev.kluis.operator.backup.DeclaredBackup;
import dev.kluis.operator.host.HostServices;
import dev.kluis.operator.host.HostState;
import dev.kluis.operator.kind.Disposal;
import dev.kluis.operator.kind.Problem;
import dev.kluis.operator.kind.RotateAnnotation;
import dev.kluis.operator.rest.FairShare;
import dev.kluis.vault.Caller;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.VaultOperations.VaultGet;
import dev.kluis.vault.VaultOperations.VaultPut;
import dev.kluis.vault.VaultOperations.VaultRotateKeys;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** Reads and does what a Vault needs of the engine. */
public final class VaultActions {

    private final dev.kluis.vault.Vault vault;
    private final Function<VaultId, List<String>> dependents;
    private final Backups backups;
    private final Optional<HostServices> hosts;
    private final BiConsumer<VaultId, Optional<FairShare>> shares;

    /**
     * @param dependents tells what depends on a vault from outside of it, as kind/namespace/name
     * @param hosts absent where vaults have no Services
     * @param shares takes what each identity has of a vault
     */
    public VaultActions(
            dev.kluis.vault.Vault vault,
            Function<VaultId, List<String>> dependents,
            Backups backups,
            Optional<HostServices> hosts,
            BiConsumer<VaultId, Optional<FairShare>> shares) {
        this.vault = vault;
        this.dependents = dependents;
        this.backups = backups;
        this.hosts = hosts;
        this.shares = shares;
    }

    VaultObserved observe(Vault resource, VaultId id) {
        var declared = DeclaredVault.settings(resource.getSpec());
        shares.accept(id, DeclaredVault.fairShare(resource.getSpec()));
        var found = vault.execute(caller(resource), new VaultGet(id));
        return new VaultObserved(
                declared,
                found,
                ObjectCounts.of(vault.summaries(id).iterator()),
                dependents.apply(id),
                backup(resource, id),
                RotateAnnotation.of(resource.getMetadata().getAnnotations()),
                vault.resealing().progress(id),
                hosts.map(one -> one.state(id.name())).orElse(HostState.ELSEWHERE));
    }

    /** Declares the backups and tells how they stand; what is wrong with them is not the vault's trouble. */
    private Optional<BackupStanding> backup(Vault resource, VaultId id) {
        var spec = resource.getSpec() == null ? null : resource.getSpec().backup;
        if (spec == null) {
            backups.forget(id);
            return Optional.empty();
        }
        try {
            backups.declare(id, resource.getMetadata().getUid(), DeclaredBackup.of(spec));
            return backups.standing(id);
        } catch (Problem e) {
            backups.forget(id);
            return Optional.of(BackupStanding.invalid(e.readiness().message()));
        }
    }

    void gone(VaultId id) {
        backups.forget(id);
        shares.accept(id, Optional.empty());
    }

    void act(Vault resource, VaultId id, VaultDecision.Action action) {
        switch (action) {
            case VaultDecision.Put(var settings, var rotate) ->
                vault.execute(caller(resource), new VaultPut(id, settings, rotate));
            case VaultDecision.RotateKeys(var rotate) ->
                vault.execute(caller(resource), new VaultRotateKeys(id, rotate));
            case VaultDecision.PutHost() -> hosts.orElseThrow().put(id.name());
        }
    }

    private static Caller caller(Vault resource) {
        var meta = resource.getMetadata();
        return new Caller.Resource(Disposal.vaultOwner(meta.getNamespace(), meta.getName()), meta.getUid());
    }
}
