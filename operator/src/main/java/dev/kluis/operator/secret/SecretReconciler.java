package dev.kluis.operator.secret;

import dev.kluis.crds.v1alpha1.VaultSecret;
import dev.kluis.crds.v1alpha1.VaultSecretStatus;
import dev.kluis.operator.kind.Disposal;
import dev.kluis.operator.kind.KindReconciler;
import dev.kluis.operator.kind.Problem;
import dev.kluis.operator.kind.Step;
import dev.kluis.operator.secret.SecretDecision.Action;
import dev.kluis.vault.InvalidNameException;
import dev.kluis.vault.ObjectId;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** Makes secrets what VaultSecret resources say. */
public final class SecretReconciler extends KindReconciler<VaultSecret, VaultSecretStatus, SecretObserved, Action>
        implements Reconciler<VaultSecret> {

    private final SecretActions actions;
    private final Disposal disposal;

    public SecretReconciler(SecretActions actions, Disposal disposal, InstantSource clock) {
        super(VaultSecret::new, clock);
        this.actions = actions;
        this.disposal = disposal;
    }

    /** Whether a resource declares this object. */
    public static boolean isAbout(VaultSecret resource, ObjectId id) {
        try {
            return SecretActions.declared(resource).target().equals(id);
        } catch (Problem | InvalidNameException e) {
            return false;
        }
    }

    @Override
    protected SecretObserved gather(VaultSecret resource) {
        return actions.observe(resource);
    }

    @Override
    protected Step<Action> decide(SecretObserved observed, Instant now) {
        return SecretDecision.decide(observed, now);
    }

    @Override
    protected void act(VaultSecret resource, Action action) {
        actions.act(resource, action);
    }

    @Override
    protected VaultSecretStatus status(VaultSecret resource, Optional<SecretObserved> observed) {
        return SecretStatuses.of(observed);
    }

    @Override
    protected void deleted(VaultSecret resource) {
        disposal.gone(
                SecretActions.declared(resource).target(),
                SecretActions.ownerOf(resource),
                resource.getMetadata().getUid());
    }
}
