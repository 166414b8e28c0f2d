package dev.kluis.operator.secret;

import dev.kluis.crds.v1alpha1.VaultSecret;
import dev.kluis.operator.kind.Declaration;
import dev.kluis.operator.kind.Disposal;
import dev.kluis.operator.secret.DeclaredSecret.Generated;
import dev.kluis.operator.secret.DeclaredSecret.Imported;
import dev.kluis.operator.secret.DeclaredSecret.Sealed;
import dev.kluis.operator.secret.DeclaredSecret.Source;
import dev.kluis.operator.secret.SecretDecision.Action;
import dev.kluis.operator.secret.SecretDecision.MakeVersion;
import dev.kluis.operator.secret.SecretDecision.PruneVersions;
import dev.kluis.operator.secret.SecretDecision.Recover;
import dev.kluis.operator.secret.SecretDecision.SetDeletionPolicy;
import dev.kluis.operator.secret.SecretDecision.Update;
import dev.kluis.vault.Caller;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.Operation;
import dev.kluis.vault.Owner;
import dev.kluis.vault.Vault;
import dev.kluis.vault.object.ObjectOperations.ObjectGetMetadata;
import dev.kluis.vault.object.ObjectOperations.ObjectPruneVersions;
import dev.kluis.vault.object.ObjectOperations.ObjectRecover;
import dev.kluis.vault.object.ObjectOperations.ObjectSetDeletionPolicy;
import dev.kluis.vault.object.ObjectVersion;
import dev.kluis.vault.object.ObjectView;
import dev.kluis.vault.object.VersionPolicy.Superseded;
import dev.kluis.vault.secret.SecretAttributes;
import dev.kluis.vault.secret.SecretOperations.SecretSet;
import dev.kluis.vault.secret.SecretOperations.SecretUpdate;
import dev.kluis.vault.secret.SecretSetSealed;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;

/** Reads and does what a VaultSecret needs of the engine and of its namespace. */
public final class SecretActions {

    private final Vault vault;
    private final SecretImport secrets;
    private final SecureRandom random;

    public SecretActions(Vault vault, SecretImport secrets, SecureRandom random) {
        this.vault = vault;
        this.secrets = secrets;
        this.random = random;
    }

    static Owner ownerOf(VaultSecret resource) {
        return Declaration.ownerOf(Disposal.SECRET_RESOURCE, resource);
    }

    static DeclaredSecret declared(VaultSecret resource) {
        var meta = resource.getMetadata();
        return DeclaredSecret.of(meta.getNamespace(), meta.getName(), meta.getAnnotations(), resource.getSpec());
    }

    SecretObserved observe(VaultSecret resource) {
        var declared = declared(resource);
        var found = vault.execute(caller(resource), new ObjectGetMetadata(declared.target()));
        return new SecretObserved(declared, found, Declaration.changed(resource), superseded(declared, found));
    }

    private Superseded superseded(DeclaredSecret declared, Optional<ObjectView> found) {
        var settings = vault.settings(declared.target().vault());
        return declared.versions()
                .filter(policy -> settings.isPresent())
                .flatMap(policy -> found.filter(view -> view.state().active())
                        .map(view -> policy.of(view.state(), settings.get(), vault.moment())))
                .orElseGet(() -> new Superseded(List.of(), Optional.empty()));
    }

    void act(VaultSecret resource, Action action) {
        var caller = caller(resource);
        ObjectId target = declared(resource).target();
        switch (action) {
            case MakeVersion(var source, var attributes, var rotate, var ifRevision) ->
                vault.execute(caller, set(resource, source, attributes, Optional.of(rotate), Optional.of(ifRevision)));
            case Recover(var rotate) -> vault.execute(caller, new ObjectRecover(target, Optional.of(rotate)));
            case Update(var attributes) -> vault.execute(caller, new SecretUpdate(target, attributes));
            case PruneVersions(var policy) -> vault.execute(caller, new ObjectPruneVersions(target, policy));
            case SetDeletionPolicy(var keep) -> vault.execute(caller, new ObjectSetDeletionPolicy(target, keep));
        }
    }

    private Operation<ObjectVersion> set(
            VaultSecret resource,
            Source source,
            SecretAttributes attributes,
            Optional<String> rotate,
            Optional<Long> ifRevision) {
        var target = declared(resource).target();
        return switch (source) {
            case Generated(GeneratedValue value) ->
                new SecretSet(target, value.make(random), attributes, rotate, ifRevision);
            case Imported(String secret, String key) -> {
                var value = secrets.read(resource.getMetadata().getNamespace(), secret, key);
                yield new SecretSet(target, value, attributes, rotate, ifRevision);
            }
            case Sealed(String text) -> new SecretSetSealed(target, text, attributes, rotate, ifRevision);
        };
    }

    private static Caller caller(VaultSecret resource) {
        return new Caller.Resource(ownerOf(resource), resource.getMetadata().getUid());
    }
}
