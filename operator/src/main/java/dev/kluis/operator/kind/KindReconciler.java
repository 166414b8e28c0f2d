package dev.kluis.operator.kind;

import dev.kluis.crds.v1alpha1.KluisStatus;
import dev.kluis.vault.InvalidNameException;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.store.StoreUnavailableException;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.IndexedResourceCache;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The shell around every decision: gather, decide, act, until nothing has to be done; then the status is written if it is
 * another one. It never writes anything else of the resource.
 *
 * @param <R> the resource
 * @param <S> its status
 * @param <O> all that is read for a decision
 * @param <A> the actions
 */
public abstract class KindReconciler<R extends CustomResource<?, S>, S extends KluisStatus, O, A> {

    /** Of a field manager, as {@code metadata.managedFields} shows it. */
    public static final String FIELD_MANAGER = "kluis-operator";

    private static final String RECONCILE = "kluis.dev/reconcile";
    private static final String DISABLED = "disabled";
    /** More rounds than any decision has steps; reaching it is a fault, and is tried again. */
    private static final int ROUNDS = 8;

    private static final Duration LOOK_AGAIN = Duration.ofSeconds(10);

    private final Supplier<R> emptyResource;
    private final InstantSource clock;
    private final KubernetesSerialization serialization = new KubernetesSerialization();
    private final SimpleInboundEventSource<R> nudges = new SimpleInboundEventSource<>("nudges");
    private @Nullable IndexedResourceCache<R> cache;

    protected KindReconciler(Supplier<R> emptyResource, InstantSource clock) {
        this.emptyResource = emptyResource;
        this.clock = clock;
    }

    protected abstract O gather(R resource);

    protected abstract Step<A> decide(O observed, Instant now);

    /** @throws Problem when it cannot be done for a reason that the status tells */
    protected abstract void act(R resource, A action);

    /**
     * The fields of the status besides the conditions.
     *
     * @param observed absent where something kept from reading all
     */
    protected abstract S status(R resource, Optional<O> observed);

    /** The resource is gone from the API server. */
    protected abstract void deleted(R resource);

    public final UpdateControl<R> reconcile(R resource, Context<R> context) {
        if (context.isPrimaryResourceDeleted()) {
            deleted(resource);
            return UpdateControl.noUpdate();
        }
        try {
            return settle(resource);
        } catch (Problem e) {
            return write(resource, status(resource, Optional.empty()), e.readiness(), Optional.empty());
        } catch (VaultException e) {
            return write(
                    resource, status(resource, Optional.empty()), Problem.of(e).readiness(), Optional.empty());
        } catch (InvalidNameException e) {
            var invalid = new Readiness(Reason.InvalidSpec, String.valueOf(e.getMessage()));
            return write(resource, status(resource, Optional.empty()), invalid, Optional.empty());
        } catch (StoreUnavailableException e) {
            var unavailable = new Readiness(Reason.Unavailable, "the store does not answer; trying again");
            return write(resource, status(resource, Optional.empty()), unavailable, Optional.of(Duration.ofSeconds(2)));
        }
    }

    private UpdateControl<R> settle(R resource) {
        boolean disabled =
                DISABLED.equals(resource.getMetadata().getAnnotations().get(RECONCILE));
        for (int round = 0; round < ROUNDS; round++) {
            O observed = gather(resource);
            switch (decide(observed, clock.instant())) {
                case Step.Act<A>(A action)
                when disabled -> {
                    var idle = new Readiness(
                            Reason.ReconciliationDisabled,
                            "the annotation " + RECONCILE + " is 'disabled': nothing is changed");
                    return write(resource, status(resource, Optional.of(observed)), idle, Optional.empty());
                }
                case Step.Act<A>(A action) -> {
                    var problem = attempt(resource, action);
                    if (problem.isPresent()) {
                        return write(
                                resource, status(resource, Optional.of(observed)), problem.get(), Optional.empty());
                    }
                }
                case Step.Settled<A>(Readiness readiness, Optional<Duration> again) -> {
                    return write(resource, status(resource, Optional.of(observed)), readiness, again);
                }
            }
        }
        throw new IllegalStateException("no end of steps for " + ResourceID.fromResource(resource));
    }

    private Optional<Readiness> attempt(R resource, A action) {
        try {
            act(resource, action);
            return Optional.empty();
        } catch (Problem e) {
            return Optional.of(e.readiness());
        } catch (VaultException e) {
            return Optional.of(Problem.of(e).readiness());
        }
    }

    private UpdateControl<R> write(R resource, S status, Readiness readiness, Optional<Duration> again) {
        var before = resource.getStatus();
        status.observedGeneration = resource.getMetadata().getGeneration();
        status.conditions = Conditions.of(
                readiness,
                status.conditions,
                before == null ? List.of() : before.conditions,
                status.observedGeneration,
                clock.instant());
        UpdateControl<R> control;
        if (before != null && Objects.equals(serialization.asJson(before), serialization.asJson(status))) {
            control = UpdateControl.noUpdate();
        } else {
            var fresh = emptyResource.get();
            fresh.setMetadata(new ObjectMetaBuilder()
                    .withName(resource.getMetadata().getName())
                    .withNamespace(resource.getMetadata().getNamespace())
                    .build());
            fresh.setStatus(status);
            control = UpdateControl.patchStatus(fresh);
        }
        again.or(() -> readiness.ready() ? Optional.empty() : Optional.of(LOOK_AGAIN))
                .ifPresent(control::rescheduleAfter);
        return control;
    }

    public final List<EventSource<?, R>> prepareEventSources(EventSourceContext<R> context) {
        cache = context.getPrimaryCache();
        return List.of(nudges);
    }

    /** Whether there is such a resource, as far as the cache knows. */
    public final boolean knows(String namespace, String name) {
        return cache != null && cache.get(new ResourceID(name, namespace)).isPresent();
    }

    /** Has a resource reconciled though it did not change itself. */
    public final void nudge(String namespace, String name) {
        if (nudges.isRunning()) {
            nudges.propagateEvent(new ResourceID(name, namespace));
        }
    }

    /** Has all that a question is true of reconciled. */
    public final void nudge(Predicate<R> which) {
        if (cache != null && nudges.isRunning()) {
            cache.list(which)
                    .forEach(resource -> nudge(
                            resource.getMetadata().getNamespace(),
                            resource.getMetadata().getName()));
        }
    }
}
