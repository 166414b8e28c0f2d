package dev.kluis.crds.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

@JsonInclude(JsonInclude.Include.NON_NULL)
public class VaultRoleStatus extends KluisStatus {

    /** What the role allows, its wildcards written out. */
    public @Nullable List<String> dataActions;
}
