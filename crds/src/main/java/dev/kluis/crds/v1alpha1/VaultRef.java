package dev.kluis.crds.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** Which vault a resource belongs to. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public class VaultRef {

    @Required
    @Size(min = 3, max = 24)
    public String name = "";

    /** Absent is the resource's own; another one only where that vault's sharing admits this namespace. */
    @Size(min = 1, max = 63)
    @Pattern(Legal.NAMESPACE)
    public @Nullable String namespace;
}
