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
@ValidationRule(
        value = "self.vaultRef == oldSelf.vaultRef",
        message = "vaultRef is fixed: delete this resource and apply one for the other vault")
public class AccessAssignmentSpec {

    @Required
    public VaultRef vaultRef = new VaultRef();

    @Required
    @Size(max = 64)
    @ValidationRule(
            value = "self in ['Administrator', 'Secrets Officer', 'Secrets User', 'Crypto Officer', 'Crypto User',"
                    + " 'Crypto Service Encryption User', 'Crypto Service Release User', 'Certificates Officer',"
                    + " 'Certificate User', 'Reader', 'Purge Operator', 'Data Access Administrator']"
                    + " || self.matches('" + Legal.ROLE_NAME + "')",
            message =
                    "role is Administrator, Secrets Officer, Secrets User, Crypto Officer, Crypto User, Crypto Service"
                            + " Encryption User, Crypto Service Release User, Certificates Officer, Certificate User, Reader,"
                            + " Purge Operator, Data Access Administrator, or the name of a VaultRole")
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

    /** Objects by name or by the beginning of the name, in any case; whether they are there or not. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @ValidationRule(
            value = "[has(self.secrets), has(self.secretPrefixes), has(self.keys), has(self.keyPrefixes),"
                    + " has(self.certificates), has(self.certificatePrefixes)].exists(x, x)"
                    + " && (!has(self.secrets) || size(self.secrets) > 0)"
                    + " && (!has(self.secretPrefixes) || size(self.secretPrefixes) > 0)"
                    + " && (!has(self.keys) || size(self.keys) > 0)"
                    + " && (!has(self.keyPrefixes) || size(self.keyPrefixes) > 0)"
                    + " && (!has(self.certificates) || size(self.certificates) > 0)"
                    + " && (!has(self.certificatePrefixes) || size(self.certificatePrefixes) > 0)",
            message = "scope names at least one object or prefix, and no list in it is empty:"
                    + " leave scope out for the whole vault")
    public static class Scope {

        @Size(max = 256)
        @ValidationRule(
                value = "self.all(name, name.matches('" + Legal.OBJECT_NAME + "'))",
                message = "a secret's name is 1 to 127 of [0-9a-zA-Z-]")
        public @Nullable List<@Size(max = 127) String> secrets;

        @Size(max = 64)
        @ValidationRule(
                value = "self.all(name, name.matches('" + Legal.OBJECT_NAME + "'))",
                message = "a prefix is 1 to 127 of [0-9a-zA-Z-], without a wildcard")
        public @Nullable List<@Size(max = 127) String> secretPrefixes;

        @Size(max = 256)
        @ValidationRule(
                value = "self.all(name, name.matches('" + Legal.OBJECT_NAME + "'))",
                message = "a key's name is 1 to 127 of [0-9a-zA-Z-]")
        public @Nullable List<@Size(max = 127) String> keys;

        @Size(max = 64)
        @ValidationRule(
                value = "self.all(name, name.matches('" + Legal.OBJECT_NAME + "'))",
                message = "a prefix is 1 to 127 of [0-9a-zA-Z-], without a wildcard")
        public @Nullable List<@Size(max = 127) String> keyPrefixes;

        @Size(max = 256)
        @ValidationRule(
                value = "self.all(name, name.matches('" + Legal.OBJECT_NAME + "'))",
                message = "a certificate's name is 1 to 127 of [0-9a-zA-Z-]")
        public @Nullable List<@Size(max = 127) String> certificates;

        @Size(max = 64)
        @ValidationRule(
                value = "self.all(name, name.matches('" + Legal.OBJECT_NAME + "'))",
                message = "a prefix is 1 to 127 of [0-9a-zA-Z-], without a wildcard")
        public @Nullable List<@Size(max = 127) String> certificatePrefixes;
    }
}
