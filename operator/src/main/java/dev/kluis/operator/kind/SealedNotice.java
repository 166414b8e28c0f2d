package dev.kluis.operator.kind;

import dev.kluis.crds.v1alpha1.Vault;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says on every Vault that Kluis is sealed, while no controller can run. Only the conditions are written; the controllers
 * write them anew once they run.
 */
public final class SealedNotice {

    private static final Logger LOG = LoggerFactory.getLogger(SealedNotice.class);

    /** How soon a Vault that was applied while sealed is told too. */
    private static final Duration AGAIN = Duration.ofSeconds(30);

    private final KubernetesClient client;
    private final InstantSource clock;
    private String told = "";
    private Instant toldAt = Instant.MIN;

    public SealedNotice(KubernetesClient client, InstantSource clock) {
        this.client = client;
        this.clock = clock;
    }

    /**
     * Called again and again by one thread.
     *
     * @param why for people, with what somebody has to do
     */
    public void tell(String why) {
        var now = clock.instant();
        if (why.equals(told) && now.isBefore(toldAt.plus(AGAIN))) {
            return;
        }
        var sealed = new Readiness(Reason.Sealed, "Kluis is sealed and serves nothing: " + why);
        for (var vault : client.resources(Vault.class).inAnyNamespace().list().getItems()) {
            var before = Optional.ofNullable(vault.getStatus())
                    .map(status -> status.conditions)
                    .orElse(List.of());
            if (before.stream().noneMatch(condition -> says(condition, sealed))) {
                var others = before.stream()
                        .filter(condition -> !Conditions.READINESS.contains(condition.getType()))
                        .toList();
                patch(
                        vault,
                        Conditions.of(
                                sealed, others, before, vault.getMetadata().getGeneration(), now));
            }
        }
        told = why;
        toldAt = now;
    }

    private static boolean says(Condition condition, Readiness sealed) {
        return "Ready".equals(condition.getType())
                && sealed.reason().name().equals(condition.getReason())
                && sealed.message().equals(condition.getMessage());
    }

    private void patch(Vault vault, List<Condition> conditions) {
        String status = client.getKubernetesSerialization().asJson(Map.of("status", Map.of("conditions", conditions)));
        try {
            client.resource(vault)
                    .subresource("status")
                    .patch(
                            new PatchContext.Builder()
                                    .withPatchType(PatchType.JSON_MERGE)
                                    .withFieldManager(KindReconciler.FIELD_MANAGER)
                                    .build(),
                            status);
        } catch (KubernetesClientException e) {
            LOG.warn(
                    "The status of Vault {} in namespace {} could not be written: {}",
                    vault.getMetadata().getName(),
                    vault.getMetadata().getNamespace(),
                    e.getMessage());
        }
    }
}
