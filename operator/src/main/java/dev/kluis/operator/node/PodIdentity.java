package dev.kluis.operator.node;

import dev.kluis.vault.Caller;

/** A pod, as a kubelet names it. */
public record PodIdentity(String namespace, String name, String uid, String serviceAccount, String node) {

    /** Whether a token of this ServiceAccount is bound to exactly this pod on exactly this node. */
    boolean holds(Caller.ServiceAccount account) {
        return account.namespace().equals(namespace)
                && account.account().equals(serviceAccount)
                && account.pod()
                        .filter(pod -> pod.name().equals(name)
                                && pod.uid().equals(uid)
                                && pod.node().equals(node))
                        .isPresent();
    }
}
