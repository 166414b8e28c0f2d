package dev.kluis.operator.identity;

import dev.kluis.vault.Caller;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;

/**
 * What the cluster's RBAC allows a caller, for what has to be decided while Kluis is sealed and knows no assignments. The
 * resources that are asked about need not exist.
 */
public final class ClusterRights {

    private static final String GROUP = "kluis.dev";

    private final KubernetesClient client;
    private final String namespace;

    /** @param namespace the operator's own, in which the rights are given */
    public ClusterRights(KubernetesClient client, String namespace) {
        this.client = client;
        this.namespace = namespace;
    }

    /** Asks the API server each time, so that a right that was taken away is gone. */
    public boolean allows(Caller caller, String verb, String resource) {
        var review = new SubjectAccessReviewBuilder()
                .withNewSpec()
                .withUser(caller.name())
                .withGroups(groups(caller))
                .withNewResourceAttributes()
                .withNamespace(namespace)
                .withGroup(GROUP)
                .withResource(resource)
                .withVerb(verb)
                .endResourceAttributes()
                .endSpec()
                .build();
        return client.authorization()
                .v1()
                .subjectAccessReview()
                .create(review)
                .getStatus()
                .getAllowed();
    }

    /** As the API server itself has them. */
    private static List<String> groups(Caller caller) {
        return switch (caller) {
            case Caller.ServiceAccount account ->
                List.of(
                        "system:serviceaccounts",
                        "system:serviceaccounts:" + account.namespace(),
                        "system:authenticated");
            case Caller.User user -> user.groups();
            case Caller.Resource resource -> List.of();
            case Caller.Clockwork clockwork -> List.of();
        };
    }
}
