package dev.kluis.vault;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * A vault: the namespace of the tenant and a name. It outlives the resource that declared it.
 *
 * @param namespace a Kubernetes namespace, 1 to 63 characters (RFC 1123 label)
 * @param name 3 to 24 of {@code [a-z0-9-]}, a letter first, no dash last; also the vault's DNS label
 */
public record VaultId(String namespace, String name) implements Comparable<VaultId> {

    private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{1,22}[a-z0-9]");
    private static final Set<String> RESERVED = Set.of("login", "kluis", "vault", "managedhsm");

    public VaultId {
        Names.require(NAMESPACE, namespace, "namespace", "1 to 63 of [a-z0-9-], not starting or ending with a dash");
        Names.require(NAME, name, "vault name", "3 to 24 of [a-z0-9-], starting with a letter, not ending with a dash");
        if (RESERVED.contains(name)) {
            throw new InvalidNameException("the vault name '" + name + "' is reserved");
        }
    }

    @Override
    public int compareTo(VaultId other) {
        int byNamespace = namespace.compareTo(other.namespace);
        return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
