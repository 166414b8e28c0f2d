package dev.kluis.crds.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

@JsonInclude(JsonInclude.Include.NON_NULL)
public class AccessAssignmentStatus extends KluisStatus {

    /** Key Vault's id of the role, a UUID. */
    public @Nullable String roleId;
}
