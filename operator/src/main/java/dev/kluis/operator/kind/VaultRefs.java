package dev.kluis.operator.kind;

import dev.kluis.crds.v1alpha1.VaultRef;
import dev.kluis.vault.VaultId;

/** Which vault a reference means. */
public final class VaultRefs {

    private VaultRefs() {}

    /** @param namespace the referring resource's */
    public static VaultId resolve(VaultRef ref, String namespace) {
        return new VaultId(ref.namespace == null ? namespace : ref.namespace, ref.name);
    }

    /** Where the REST API serves a vault. */
    public static String uri(VaultId vault) {
        return "https://" + vault.name() + ".vault.svc.cluster.local";
    }
}
