package dev.kluis.crds.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Who is given access. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "self.kind == 'ServiceAccount' || !has(self.namespace)",
        message = "only a ServiceAccount has a namespace")
public class Subject {

    @Required
    @Size(max = 16)
    @ValidationRule(
            value = "self in ['ServiceAccount', 'Group', 'User']",
            message = "kind is ServiceAccount, Group or User")
    public String kind = "";

    @Required
    @Size(min = 1, max = 253)
    public String name = "";

    /** Of a ServiceAccount; absent is the resource's own. */
    @Size(min = 1, max = 63)
    @Pattern(Legal.NAMESPACE)
    public @Nullable String namespace;
}
