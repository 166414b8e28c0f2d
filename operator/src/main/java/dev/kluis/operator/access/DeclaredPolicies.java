package dev.kluis.operator.access;

import dev.kluis.crds.v1alpha1.Vault;
import dev.kluis.crds.v1alpha1.VaultSpec;
import dev.kluis.operator.kind.Problem;
import dev.kluis.vault.InvalidNameException;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.access.Assignment;
import dev.kluis.vault.access.PolicyPermissions;
import dev.kluis.vault.access.Scope;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A Vault's access policies as assignments. What is not understood allows nothing. */
final class DeclaredPolicies {

    private static final String MODEL = "AccessPolicy";

    private DeclaredPolicies() {}

    static boolean decideIn(Vault resource) {
        return resource.getSpec() != null && MODEL.equals(resource.getSpec().permissionModel);
    }

    static List<Assignment> of(Vault resource) {
        var spec = resource.getSpec();
        if (spec == null || spec.accessPolicies == null) {
            return List.of();
        }
        var policies = new ArrayList<Assignment>();
        for (int i = 0; i < spec.accessPolicies.size(); i++) {
            policy(resource, spec.accessPolicies.get(i), i + 1).ifPresent(policies::add);
        }
        return policies;
    }

    /** @param place from 1 */
    private static Optional<Assignment> policy(Vault resource, VaultSpec.AccessPolicy declared, int place) {
        var meta = resource.getMetadata();
        String title = "access policy " + place;
        try {
            return Optional.of(new Assignment(
                    meta.getNamespace() + "/" + meta.getName() + " " + title,
                    new VaultId(meta.getNamespace(), meta.getName()),
                    PolicyPermissions.of(title, words(declared.permissions)),
                    DeclaredSubjects.of(declared.subjects, meta.getNamespace()),
                    Scope.WHOLE_VAULT,
                    Optional.empty()));
        } catch (Problem | InvalidNameException e) {
            return Optional.empty();
        }
    }

    private static Map<String, List<String>> words(VaultSpec.Permissions permissions) {
        var words = new HashMap<String, List<String>>();
        words.put("secrets", orNone(permissions.secrets));
        words.put("keys", orNone(permissions.keys));
        words.put("certificates", orNone(permissions.certificates));
        return words;
    }

    private static List<String> orNone(@Nullable List<String> words) {
        return words == null ? List.of() : words;
    }
}
