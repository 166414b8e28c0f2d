package dev.kluis.operator.key;

import dev.kluis.crds.v1alpha1.VaultKey;
import dev.kluis.operator.key.DeclaredKey.Rotation;
import dev.kluis.operator.key.KeyDecision.Action;
import dev.kluis.operator.key.KeyDecision.Generate;
import dev.kluis.operator.key.KeyDecision.Recover;
import dev.kluis.operator.key.KeyDecision.SetDeletionPolicy;
import dev.kluis.operator.key.KeyDecision.SetRotation;
import dev.kluis.operator.key.KeyDecision.TakeIn;
import dev.kluis.operator.key.KeyDecision.Update;
import dev.kluis.operator.kind.Declaration;
import dev.kluis.operator.kind.Disposal;
import dev.kluis.vault.Caller;
import dev.kluis.vault.Operation;
import dev.kluis.vault.Owner;
import dev.kluis.vault.Vault;
import dev.kluis.vault.key.KeyCreate;
import dev.kluis.vault.key.KeyImportSealed;
import dev.kluis.vault.key.KeyRotationPolicySet;
import dev.kluis.vault.key.KeyRotationPolicySet.LifetimeAction;
import dev.kluis.vault.key.NewKey;
import dev.kluis.vault.object.Attributes;
import dev.kluis.vault.object.CalendarPeriod;
import dev.kluis.vault.object.ObjectOperations.ObjectGetMetadata;
import dev.kluis.vault.object.ObjectOperations.ObjectRecover;
import dev.kluis.vault.object.ObjectOperations.ObjectSetDeletionPolicy;
import dev.kluis.vault.object.RotationPolicy.AfterCreation;
import dev.kluis.vault.object.RotationPolicy.BeforeExpiry;
import dev.kluis.vault.object.RotationPolicy.Trigger;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads and does what a VaultKey needs of the engine. */
public final class KeyActions {

    private final Vault vault;

    public KeyActions(Vault vault) {
        this.vault = vault;
    }

    static Owner ownerOf(VaultKey resource) {
        return Declaration.ownerOf(Disposal.KEY_RESOURCE, resource);
    }

    static DeclaredKey declared(VaultKey resource) {
        var meta = resource.getMetadata();
        return DeclaredKey.of(meta.getNamespace(), meta.getName(), meta.getAnnotations(), resource.getSpec());
    }

    KeyObserved observe(VaultKey resource) {
        var declared = declared(resource);
        var found = vault.execute(caller(resource), new ObjectGetMetadata(declared.target()));
        return new KeyObserved(declared, found, Declaration.changed(resource));
    }

    void act(VaultKey resource, Action action) {
        vault.execute(caller(resource), operation(declared(resource), action));
    }

    private static Operation<?> operation(DeclaredKey declared, Action action) {
        var target = declared.target();
        return switch (action) {
            case Generate(var attributes, var rotate, var ifRevision) ->
                new KeyCreate(
                        target,
                        declared.wanted(),
                        newKey(declared, attributes),
                        Optional.of(rotate),
                        Optional.of(ifRevision));
            case TakeIn(var sealed, var attributes, var rotate, var ifRevision) ->
                new KeyImportSealed(
                        target,
                        sealed,
                        declared.wanted(),
                        newKey(declared, attributes),
                        Optional.of(rotate),
                        Optional.of(ifRevision));
            case Recover(var rotate) -> new ObjectRecover(target, Optional.of(rotate));
            case Update(var update) -> update;
            case SetRotation(var rotation) ->
                new KeyRotationPolicySet(
                        target,
                        rotation.expires().map(CalendarPeriod::text),
                        lifetimeActions(rotation).toList());
            case SetDeletionPolicy(var keep) -> new ObjectSetDeletionPolicy(target, keep);
        };
    }

    private static NewKey newKey(DeclaredKey declared, Attributes attributes) {
        return new NewKey(declared.operations(), attributes, false, Optional.empty());
    }

    private static Stream<LifetimeAction> lifetimeActions(Rotation rotation) {
        return Stream.of(
                        rotation.trigger().map(trigger -> lifetimeAction("Rotate", trigger)),
                        rotation.notice().map(trigger -> lifetimeAction("Notify", trigger)))
                .flatMap(Optional::stream);
    }

    private static LifetimeAction lifetimeAction(String type, Trigger trigger) {
        return switch (trigger) {
            case AfterCreation(var period) -> new LifetimeAction(type, Optional.of(period.text()), Optional.empty());
            case BeforeExpiry(var period) -> new LifetimeAction(type, Optional.empty(), Optional.of(period.text()));
        };
    }

    private static Caller caller(VaultKey resource) {
        return new Caller.Resource(ownerOf(resource), resource.getMetadata().getUid());
    }
}
