package dev.kluis.operator.access;

import dev.kluis.crds.v1alpha1.VaultRole;
import dev.kluis.vault.access.CustomRole;

/** What a VaultRole says. */
final class DeclaredRole {

    private DeclaredRole() {}

    /** @throws dev.kluis.vault.InvalidNameException for what is not legal */
    static CustomRole of(VaultRole resource) {
        return CustomRole.of(resource.getMetadata().getName(), resource.getSpec().dataActions);
    }
}
