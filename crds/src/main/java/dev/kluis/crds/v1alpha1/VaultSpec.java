package dev.kluis.crds.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "!has(self.accessPolicies) || (has(self.permissionModel) && self.permissionModel == 'AccessPolicy')",
        message = "accessPolicies go with permissionModel AccessPolicy only")
public class VaultSpec {

    /** Absent is Standard. */
    @Size(max = 16)
    @ValidationRule(
            value = "self == 'Standard'",
            message = "sku is Standard (Premium and ManagedHsm are not there yet)")
    public @Nullable String sku;

    /** How long what is deleted stays recoverable: P7D to P365D, fixed at creation; absent is P90D. */
    @Size(max = 5)
    @ValidationRule(
            value = "self.matches('^P[0-9]{1,3}D$') && int(self.substring(1, size(self) - 1)) >= 7"
                    + " && int(self.substring(1, size(self) - 1)) <= 365",
            message = "retention is P7D to P365D")
    public @Nullable String retention;

    /** Nobody purges before the scheduled date. Once true, never false. */
    public @Nullable Boolean purgeProtection;

    public @Nullable Sharing sharing;

    /** How long nodes may serve their last copy while the operator is away; absent is not at all. */
    @Size(max = 10)
    @Pattern(Legal.DURATION)
    public @Nullable String offline;

    /** What each identity has of the API for this vault; absent is 16 requests at once and no rate. */
    @ValidationRule(
            value = "!has(self.burst) || has(self.requestsPerSecond)",
            message = "burst goes with requestsPerSecond only")
    public @Nullable FairShare fairShare;

    /** Absent is no backup. */
    public @Nullable BackupSpec backup;

    /** What decides on access to objects: RBAC (when absent) is AccessAssignments, AccessPolicy is accessPolicies. */
    @Size(max = 16)
    @ValidationRule(value = "self in ['RBAC', 'AccessPolicy']", message = "permissionModel is RBAC or AccessPolicy")
    public @Nullable String permissionModel;

    /** With permissionModel AccessPolicy only. */
    @Size(max = 64)
    public @Nullable List<AccessPolicy> accessPolicies;

    /** So that one client does not starve the others. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public static class FairShare {

        /** More are told to come again (429, Retry-After). Absent is as many as there is room for. */
        @Min(1)
        @Max(100_000)
        public @Nullable Integer requestsPerSecond;

        /** How many may come at once after a rest; absent is requestsPerSecond. */
        @Min(1)
        @Max(100_000)
        public @Nullable Integer burst;

        /** How many are handled at once, more wait; absent is 16. */
        @Min(1)
        @Max(64)
        public @Nullable Integer concurrent;
    }

    /** Who else may make objects here. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public static class Sharing {

        /** Namespaces whose resources may refer to this vault and make objects of their own in it. */
        @Size(min = 1, max = 256)
        public @Nullable List<@Size(min = 1, max = 63) String> namespaces;
    }

    /** Key Vault's older model: words on the whole vault. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public static class AccessPolicy {

        @Required
        @Size(min = 1, max = 64)
        public List<Subject> subjects = new ArrayList<>();

        @Required
        public Permissions permissions = new Permissions();
    }

    /** Key Vault's names of permissions. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public static class Permissions {

        @Size(max = 32)
        @ValidationRule(
                value = "self.all(word, word in ["
                        + "'get', 'list', 'set', 'delete', 'recover', 'backup', 'restore', 'purge'"
                        + "])",
                message = "the permissions of secrets are " + "get, list, set, delete, recover, backup, restore, purge")
        public @Nullable List<@Size(max = 24) String> secrets;

        @Size(max = 32)
        @ValidationRule(
                value = "self.all(word, word in ["
                        + "'get', 'list', 'update', 'create', 'import', 'delete', 'recover', 'backup', "
                        + "'restore', 'decrypt', 'encrypt', 'unwrapKey', 'wrapKey', 'verify', 'sign', "
                        + "'purge', 'release', 'rotate', 'getrotationpolicy', 'setrotationpolicy'"
                        + "])",
                message = "the permissions of keys are "
                        + "get, list, update, create, import, delete, recover, backup, restore, decrypt, "
                        + "encrypt, unwrapKey, wrapKey, verify, sign, purge, release, rotate, "
                        + "getrotationpolicy, setrotationpolicy")
        public @Nullable List<@Size(max = 24) String> keys;

        @Size(max = 32)
        @ValidationRule(
                value = "self.all(word, word in ["
                        + "'get', 'list', 'create', 'import', 'update', 'delete', 'recover', 'backup', "
                        + "'restore', 'purge', 'managecontacts', 'getissuers', 'listissuers', "
                        + "'setissuers', 'deleteissuers', 'manageissuers'"
                        + "])",
                message = "the permissions of certificates are "
                        + "get, list, create, import, update, delete, recover, backup, restore, purge, "
                        + "managecontacts, getissuers, listissuers, setissuers, deleteissuers, "
                        + "manageissuers")
        public @Nullable List<@Size(max = 24) String> certificates;
    }
}
