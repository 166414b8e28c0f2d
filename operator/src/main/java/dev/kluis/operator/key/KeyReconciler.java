package dev.kluis.operator.key;

import dev.kluis.crds.v1alpha1.VaultKey;
import dev.kluis.crds.v1alpha1.VaultKeyStatus;
import dev.kluis.operator.key.KeyDecision.Action;
import dev.kluis.operator.kind.Disposal;
import dev.kluis.operator.kind.KindReconciler;
import dev.kluis.operator.kind.Problem;
import dev.kluis.operator.kind.Step;
import dev.kluis.vault.InvalidNameException;
import dev.kluis.vault.ObjectId;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** Makes keys what VaultKey resources say. */
public final class KeyReconciler extends KindReconciler<VaultKey, VaultKeyStatus, KeyObserved, Action>
        implements Reconciler<VaultKey> {

    private final KeyActions actions;
    private final Disposal disposal;

    public KeyReconciler(KeyActions actions, Disposal disposal, InstantSource clock) {
        super(VaultKey::new, clock);
        this.actions = actions;
        this.disposal = disposal;
    }

    /** Whether a resource declares this object. */
    public static boolean isAbout(VaultKey resource, ObjectId id) {
        try {
            return KeyActions.declared(resource).target().equals(id);
        } catch (Problem | InvalidNameException e) {
            return false;
        }
    }

    @Override
    protected KeyObserved gather(VaultKey resource) {
        return actions.observe(resource);
    }

    @Override
    protected Step<Action> decide(KeyObserved observed, Instant now) {
        return KeyDecision.decide(observed, now);
    }

    @Override
    protected void act(VaultKey resource, Action action) {
        actions.act(resource, action);
    }

    @Override
    protected VaultKeyStatus status(VaultKey resource, Optional<KeyObserved> observed) {
        return KeyStatuses.of(observed);
    }

    @Override
    protected void deleted(VaultKey resource) {
        disposal.gone(
                KeyActions.declared(resource).target(),
                KeyActions.ownerOf(resource),
                resource.getMetadata().getUid());
    }
}
