package dev.kluis.crds.store;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Version;

/** A sealed value that lies beside its record; it never changes. */
@Group("store.kluis.dev")
@Version("v1")
public class Content extends CustomResource<Content.Sealed, Void> implements Namespaced {

    private static final long serialVersionUID = 1L;

    @JsonInclude(JsonInclude.Include.NON_NULL)
    @ValidationRule(value = "self == oldSelf", message = "content never changes")
    public static class Sealed {

        /** Base64. */
        @Required
        @Size(max = 699052)
        public String sealed = "";
    }
}
