package dev.kluis.crds.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "!has(self.vaultRef.namespace)",
        message = "an AccessAssignment lies in its vault's namespace: leave vaultRef.namespace out")
public class AccessAssignmentSpec {

    @Required
    public VaultRef vaultRef = new VaultRef();

    @Required
    @Size(max = 64)
    @ValidationRule(
            value = "self in ['Administrator', 'Secrets Officer', 'Secrets User', 'Reader']",
            message = "role is Administrator, Secrets Officer, Secrets User or Reader")
    public String role = "";

    @Required
    @Size(min = 1, max = 64)
    public List<Subject> subjects = new ArrayList<>();

    /** Absent is the whole vault. */
    public @Nullable Scope scope;

    /** RFC 3339: from then on it no longer holds. */
    @Size(max = 40)
    @Pattern(Legal.TIME)
    public @Nullable String expires;

    @JsonInclude(JsonInclude.Include.NON_NULL)
    @ValidationRule(
            value = "self.kind == 'ServiceAccount' || !has(self.namespace)",
            message = "only a ServiceAccount has a namespace")
    public static class Subject {

        @Required
        @Size(max = 16)
        @ValidationRule(
                value = "self in ['ServiceAccount', 'Group', 'User']",
                message = "kind is ServiceAccount, Group or User")
        public String kind = "";

        @Required
        @Size(min = 1, max = 253)
        public String name = "";

        /** Of a ServiceAccount; absent is the assignment's. */
        @Size(min = 1, max = 63)
        @Pattern(Legal.NAMESPACE)
        public @Nullable String namespace;
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    @ValidationRule(
            value = "has(self.secrets) && size(self.secrets) > 0",
            message = "scope names at least one secret: leave scope out for the whole vault")
    public static class Scope {

        @Size(max = 256)
        @ValidationRule(
                value = "self.all(name, name.matches('" + Legal.OBJECT_NAME + "'))",
                message = "a secret's name is 1 to 127 of [0-9a-zA-Z-]")
        public @Nullable List<@Size(max = 127) String> secrets;
    }
}
