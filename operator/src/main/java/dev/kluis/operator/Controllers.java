package dev.kluis.operator;

import dev.kluis.operator.access.AccessReconciler;
import dev.kluis.operator.access.RoleReconciler;
import dev.kluis.operator.key.KeyReconciler;
import dev.kluis.operator.kind.Disposal;
import dev.kluis.operator.kind.KindReconciler;
import dev.kluis.operator.kind.LeanItemStore;
import dev.kluis.operator.secret.SecretReconciler;
import dev.kluis.operator.vault.VaultReconciler;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.ObjectKind;
import dev.kluis.vault.Owner;
import dev.kluis.vault.Ownership;
import dev.kluis.vault.Vault.Summary;
import dev.kluis.vault.VaultId;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.processing.event.rate.LinearRateLimiter;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The controllers in their framework. Only the elected replica reconciles; that divides work and is not what data
 * is safe by.
 */
final class Controllers implements AutoCloseable {

    private static final String LEASE = "kluis-operator";
    private static final Duration LEASE_DURATION = Duration.ofSeconds(15);
    private static final Duration RENEW_DEADLINE = Duration.ofSeconds(10);
    private static final Duration RETRY_PERIOD = Duration.ofSeconds(2);
    private static final int THREADS = 16;
    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);
    private static final long FIRST_RETRY_MILLIS = 500;
    private static final long LONGEST_RETRY_MILLIS = 60_000;

    private final VaultReconciler vaults;
    private final SecretReconciler secrets;
    private final KeyReconciler keys;
    private final AccessReconciler access;
    private final Operator operator;

    Controllers(
            VaultReconciler vaults,
            SecretReconciler secrets,
            KeyReconciler keys,
            AccessReconciler access,
            RoleReconciler roles,
            Kluis.Settings settings,
            KubernetesClient client,
            Runnable leaseLost) {
        this.vaults = vaults;
        this.secrets = secrets;
        this.keys = keys;
        this.access = access;
        this.operator = new Operator(configuration -> {
            configuration
                    .withKubernetesClient(client)
                    .withCloseClientOnStop(false)
                    .withConcurrentReconciliationThreads(THREADS)
                    .withReconciliationTerminationTimeout(STOP_LIMIT);
            settings.leaderIdentity()
                    .ifPresent(
                            identity -> configuration.withLeaderElectionConfiguration(new LeaderElectionConfiguration(
                                    LEASE,
                                    settings.namespace(),
                                    LEASE_DURATION,
                                    RENEW_DEADLINE,
                                    RETRY_PERIOD,
                                    identity,
                                    new LeaderCallbacks(() -> {}, leaseLost, leader -> {}),
                                    // The framework would end the process in the middle of an orderly stop too.
                                    false)));
        });
        operator.register(
                vaults,
                // A vault's status counts its objects, and a thousand objects may change at once.
                controller -> configure(controller).withRateLimiter(new LinearRateLimiter(Duration.ofSeconds(1), 2)));
        operator.register(secrets, Controllers::configure);
        operator.register(keys, Controllers::configure);
        operator.register(access, Controllers::configure);
        operator.register(roles, Controllers::configure);
    }

    private static <R extends HasMetadata> ControllerConfigurationOverrider<R> configure(
            ControllerConfigurationOverrider<R> controller) {
        return controller
                .withFieldManager(KindReconciler.FIELD_MANAGER)
                .withItemStore(new LeanItemStore<>())
                .withTriggerReconcilerOnAllEvents(true)
                // Annotations are read too, and they change no generation; status is ours alone.
                .withGenerationAware(false)
                .withOnUpdateFilter(Controllers::declaresAnotherThing)
                .withRetry(new GenericRetry()
                        .setInitialInterval(FIRST_RETRY_MILLIS)
                        .setMaxInterval(LONGEST_RETRY_MILLIS)
                        .withoutMaxAttempts());
    }

    private static boolean declaresAnotherThing(HasMetadata now, HasMetadata before) {
        return !Objects.equals(
                        now.getMetadata().getGeneration(), before.getMetadata().getGeneration())
                || !Objects.equals(
                        now.getMetadata().getUid(), before.getMetadata().getUid())
                || !Objects.equals(
                        now.getMetadata().getAnnotations(), before.getMetadata().getAnnotations());
    }

    void start() {
        operator.start();
    }

    @Override
    public void close() {
        operator.stop();
    }

    /** An object changed in the engine: whoever shows or waits for it looks again. */
    void changed(ObjectId id, Optional<Summary> summary) {
        vaults.nudge(id.vault().namespace(), id.vault().name());
        if (id.kind() == ObjectKind.VAULT) {
            secrets.nudge(resource -> refersTo(
                    id.vault(), resource.getSpec().vaultRef.name, resource.getSpec().vaultRef.namespace, resource));
            keys.nudge(resource -> refersTo(
                    id.vault(), resource.getSpec().vaultRef.name, resource.getSpec().vaultRef.namespace, resource));
            access.nudge(resource -> refersTo(id.vault(), resource.getSpec().vaultRef.name, null, resource));
        } else {
            summary.ifPresentOrElse(this::tellOwner, () -> tellDeclaring(id));
        }
    }

    /** An object that is gone may be made anew. */
    private void tellDeclaring(ObjectId id) {
        switch (id.kind()) {
            case SECRET -> secrets.nudge(resource -> SecretReconciler.isAbout(resource, id));
            case KEY -> keys.nudge(resource -> KeyReconciler.isAbout(resource, id));
            case VAULT, CHECKPOINT -> {}
        }
    }

    /** What a resource wrote itself it knows already. */
    private void tellOwner(Summary summary) {
        summary.ownership()
                .map(Ownership::owner)
                .filter(owner -> !summary.actor().equals("resource:" + owner))
                .ifPresent(owner -> of(owner).nudge(owner.namespace(), owner.name()));
    }

    private static boolean refersTo(VaultId vault, String name, @Nullable String namespace, HasMetadata resource) {
        String where = namespace == null ? resource.getMetadata().getNamespace() : namespace;
        return vault.name().equals(name) && vault.namespace().equals(where);
    }

    /** Whether a resource is there, as far as the caches know. */
    boolean knows(Owner owner) {
        return of(owner).knows(owner.namespace(), owner.name());
    }

    private KindReconciler<?, ?, ?, ?> of(Owner owner) {
        return switch (owner.kind()) {
            case Disposal.SECRET_RESOURCE -> secrets;
            case Disposal.KEY_RESOURCE -> keys;
            default -> vaults;
        };
    }
}
