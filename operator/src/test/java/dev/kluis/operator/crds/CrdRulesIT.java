package dev.kluis.operator.crds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kluis.testkit.ApiServer;
import dev.kluis.vault.access.Action;
import dev.kluis.vault.access.PolicyPermissions;
import dev.kluis.vault.access.Role;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the API server refuses by the definitions alone, in words that say what is legal. */
class CrdRulesIT {

    private final String ns = ApiServer.shared().newNamespace("rules");

    private GenericKubernetesResource apply(String kind, String name, String spec) {
        var client = ApiServer.shared().client();
        GenericKubernetesResource resource = client.getKubernetesSerialization()
                .unmarshal("""
                        apiVersion: kluis.dev/v1alpha1
                        kind: %s
                        metadata: {name: "%s", namespace: %s}
                        spec: %s
                        """.formatted(kind, name, ns, spec), GenericKubernetesResource.class);
        return client.resource(resource)
                .patch(new PatchContext.Builder()
                        .withPatchType(PatchType.SERVER_SIDE_APPLY)
                        .withFieldManager("test")
                        .withForce(true)
                        .build());
    }

    private void refused(String kind, String name, String spec, String message) {
        assertThatThrownBy(() -> apply(kind, name, spec))
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ab | a vault's name is 3 to 24",
                "a-name-of-more-than-24-chars | a vault's name is 3 to 24",
                "1st | starts with a letter",
                "with.dot | a vault's name is 3 to 24",
                "login | reserved",
                "kluis | reserved"
            })
    void a_name_that_cannot_be_a_vaults(String name, String message) {
        refused("Vault", name, "{}", message);
    }

    @ParameterizedTest
    @CsvSource({"P6D", "P366D", "P0D", "P90", "90", "PT24H", "-P9D"})
    void a_retention_outside_of_7_to_365_days(String retention) {
        refused("Vault", "vault", "{retention: \"" + retention + "\"}", "retention");
        assertThat(ApiServer.shared()
                        .client()
                        .genericKubernetesResources("kluis.dev/v1alpha1", "Vault")
                        .inNamespace(ns)
                        .list()
                        .getItems())
                .isEmpty();
    }

    @Test
    void the_ends_of_the_retention_are_legal_and_it_is_fixed() {
        apply("Vault", "shortest", "{retention: P7D}");
        apply("Vault", "longest", "{retention: P365D}");
        refused("Vault", "shortest", "{retention: P8D}", "retention is fixed at creation");
        refused("Vault", "shortest", "{offline: PT1H}", "retention is fixed at creation");
        apply("Vault", "standard", "{}");
        apply("Vault", "standard", "{retention: P90D}");
    }

    @Test
    void purge_protection_is_never_turned_off_and_never_removed() {
        apply("Vault", "guarded", "{purgeProtection: true}");
        refused("Vault", "guarded", "{purgeProtection: false}", "purgeProtection cannot be turned off or removed");
        refused("Vault", "guarded", "{offline: PT1H}", "purgeProtection cannot be turned off or removed");
        apply("Vault", "open", "{purgeProtection: false}");
        apply("Vault", "open", "{purgeProtection: true}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{sku: Gold} | sku is Standard",
                "{offline: 1h} | offline",
                "{sharing: {namespaces: []}} | namespaces"
            })
    void a_vault_with_a_field_that_is_not_legal(String spec, String message) {
        refused("Vault", "vault", spec, message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{source: {generate: {}, secretKeyRef: {name: a, key: b}}} | exactly one of generate, secretKeyRef and sealed",
                "{source: {}} | exactly one of generate, secretKeyRef and sealed",
                "{name: with_underscore} | the object's name is 1 to 127",
                "{source: {generate: {length: 7}}} | length is 8 to 4096",
                "{source: {generate: {length: 4097}}} | length is 8 to 4096",
                "{source: {generate: {alphabet: Emoji}}} | alphabet is Alphanumeric",
                "{source: {generate: {format: Base32}}} | format is Text, Hex, Base64 or UUID",
                "{source: {generate: {format: UUID, length: 36}}} | format UUID takes no length",
                "{source: {generate: {format: Hex, alphabet: Digits}}} | alphabet goes with format Text only",
                "{deletionPolicy: Orphan} | deletionPolicy is SoftDelete or Keep",
                "{expires: tomorrow} | expires",
                "{notBefore: 2026-01-01} | notBefore",
                "{source: {secretKeyRef: {name: a}}} | key"
            })
    void a_secret_with_a_field_that_is_not_legal(String spec, String message) {
        refused("VaultSecret", "secret", "{vaultRef: {name: vault}, " + spec.substring(1), message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{type: DSA} | type is RSA, EC, OCT, OKP or AKP",
                "{type: RSA, size: 1024} | size is 2048, 3072 or 4096 for RSA",
                "{type: EC, size: 2048} | goes with no other type",
                "{type: OCT, size: 64} | 128, 192, 256, 384 or 512 for OCT",
                "{type: RSA, curve: P-256} | goes with no other type",
                "{type: EC, curve: P-224} | curve is P-256, P-256K, P-384 or P-521 for EC",
                "{type: OKP, curve: P-256} | Ed25519 for OKP",
                "{type: AKP} | goes with type AKP and with no other",
                "{type: EC, algorithm: ML-DSA-44} | goes with type AKP and with no other",
                "{type: AKP, algorithm: ML-DSA-45} | algorithm is ML-DSA-44, ML-DSA-65 or ML-DSA-87",
                "{type: EC, operations: [sign, encrypt]} | signs and verifies only",
                "{type: OCT, size: 512, operations: [wrapKey]} | signs and verifies only",
                "{type: RSA, operations: [derive]} | operations are encrypt, decrypt",
                "{type: RSA, operations: []} | operations",
                "{type: RSA, name: with_underscore} | the object's name is 1 to 127",
                "{type: RSA, rotation: {}} | at least one of every, beforeExpiry and expires",
                "{type: RSA, rotation: {every: P90D, beforeExpiry: P30D, expires: P365D}} | every or beforeExpiry, not both",
                "{type: RSA, rotation: {beforeExpiry: P30D}} | need rotation.expires",
                "{type: RSA, rotation: {every: P90D, notifyBefore: P30D}} | need rotation.expires",
                "{type: RSA, rotation: {every: monthly}} | every",
                "{type: RSA, import: {}} | sealed",
                "{type: RSA, deletionPolicy: Orphan} | deletionPolicy is SoftDelete or Keep",
                "{type: RSA, notBefore: '2027-01-02T00:00:00Z', expires: '2027-01-01T00:00:00Z'} | notBefore is before expires"
            })
    void a_key_with_a_field_that_is_not_legal(String spec, String message) {
        refused("VaultKey", "key", "{vaultRef: {name: vault}, " + spec.substring(1), message);
    }

    @Test
    void a_key_moves_to_no_other_vault_and_no_other_type() {
        apply("VaultKey", "key", "{vaultRef: {name: vault}, type: RSA, size: 3072}");
        refused("VaultKey", "key", "{vaultRef: {name: other}, type: RSA, size: 3072}", "vaultRef is fixed");
        refused("VaultKey", "key", "{vaultRef: {name: vault}, type: RSA}", "type, size, curve and algorithm are fixed");
        refused("VaultKey", "key", "{vaultRef: {name: vault}, type: EC}", "type, size, curve and algorithm are fixed");
        apply("VaultKey", "key", "{vaultRef: {name: vault}, type: RSA, size: 3072, operations: [sign, verify]}");
    }

    @Test
    void a_resource_name_that_is_no_object_name_needs_a_name_in_the_spec() {
        refused("VaultSecret", "db.password", "{vaultRef: {name: vault}}", "write one as spec.name");
        refused("VaultSecret", "x".repeat(128), "{vaultRef: {name: vault}}", "write one as spec.name");
        refused("VaultSecret", "long", "{vaultRef: {name: vault}, name: " + "x".repeat(128) + "}", "name");
        apply("VaultSecret", "db.password", "{vaultRef: {name: vault}, name: db-password}");
    }

    @Test
    void a_secret_moves_neither_to_another_vault_nor_to_another_name() {
        apply("VaultSecret", "db", "{vaultRef: {name: vault}}");
        refused("VaultSecret", "db", "{vaultRef: {name: other}}", "vaultRef is fixed");
        refused("VaultSecret", "db", "{vaultRef: {name: vault}, name: other}", "the object's name is fixed");
        apply("VaultSecret", "db", "{vaultRef: {name: vault}, name: db}");
    }

    @Test
    void a_16th_tag_is_too_many() {
        var tags = new StringBuilder("{vaultRef: {name: vault}, tags: {");
        for (int i = 0; i < 16; i++) {
            tags.append("t").append(i).append(": x, ");
        }
        refused("VaultSecret", "tagged", tags.append("}}").toString(), "tags");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{role: Owner, subjects: [{kind: User, name: a}]} | role is Administrator, Secrets Officer",
                "{role: Reader, subjects: []} | subjects",
                "{role: Reader, subjects: [{kind: Robot, name: a}]} | kind is ServiceAccount, Group or User",
                "{role: Reader, subjects: [{kind: Group, name: a, namespace: b}]} | only a ServiceAccount has a namespace",
                "{role: Reader, subjects: [{kind: User, name: a}], scope: {}} | leave scope out for the whole vault",
                "{role: Reader, subjects: [{kind: User, name: a}], scope: {secrets: []}} | leave scope out for the whole vault",
                "{role: Reader, subjects: [{kind: User, name: a}], scope: {secrets: [a_b]}} | a secret's name is 1 to 127",
                "{role: Reader, subjects: [{kind: User, name: a}], scope: {secrets: [a], keys: []}} | no list in it is empty",
                "{role: Reader, subjects: [{kind: User, name: a}], scope: {secretPrefixes: ['app-*']}} | without a wildcard",
                "{role: Reader, subjects: [{kind: User, name: a}], scope: {certificates: [a/b]}} | a certificate's name is",
                "{role: reader*, subjects: [{kind: User, name: a}]} | or the name of a VaultRole",
                "{role: Reader, subjects: [{kind: User, name: a}], expires: soon} | expires"
            })
    void an_assignment_with_a_field_that_is_not_legal(String spec, String message) {
        refused("AccessAssignment", "access", "{vaultRef: {name: vault}, " + spec.substring(1), message);
    }

    @Test
    void an_assignment_lies_in_its_vaults_namespace() {
        refused(
                "AccessAssignment",
                "access",
                "{vaultRef: {name: vault, namespace: other}, role: Reader, subjects: [{kind: User, name: a}]}",
                "leave vaultRef.namespace out");
    }

    @Test
    void an_assignment_stays_with_its_vault() {
        apply(
                "AccessAssignment",
                "fixed",
                "{vaultRef: {name: vault}, role: Reader, subjects: [{kind: User, name: a}]}");
        refused(
                "AccessAssignment",
                "fixed",
                "{vaultRef: {name: other}, role: Reader, subjects: [{kind: User, name: a}]}",
                "vaultRef is fixed");
    }

    @Test
    void every_built_in_role_and_every_word_and_action_that_the_engine_knows_is_legal() {
        for (var role : Role.values()) {
            apply(
                    "AccessAssignment",
                    "all",
                    "{vaultRef: {name: vault}, role: " + role.title() + ", subjects: [{kind: User, name: a}]}");
        }
        var actions = Arrays.stream(Action.values())
                .filter(action -> action.plane() == Action.Plane.DATA)
                .map(Action::id)
                .toList();
        apply("VaultRole", "all-actions", "{dataActions: " + actions + "}");
        apply("VaultRole", "wildcards", "{dataActions: ['*', 'secrets/*', '*/read', '*/purge/action']}");
        apply(
                "Vault",
                "policies",
                "{permissionModel: AccessPolicy, accessPolicies: [{subjects: [{kind: User, name: a}], permissions: {secrets: "
                        + PolicyPermissions.words("secrets") + ", keys: " + PolicyPermissions.words("keys")
                        + ", certificates: " + PolicyPermissions.words("certificates") + "}}]}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "fine | {dataActions: []} | dataActions",
                "fine | {dataActions: [secrets/get]} | a data action is one of Key Vault's ids",
                "fine | {dataActions: [roleAssignments/write]} | a data action is one of Key Vault's ids",
                "fine | {dataActions: [purge/action]} | a data action is one of Key Vault's ids",
                "fine | {dataActions: ['*/*']} | a data action is one of Key Vault's ids",
                "reader | {dataActions: ['*']} | reads like a built-in role",
                "secrets-user | {dataActions: ['*']} | reads like a built-in role",
                "purge.operator | {dataActions: ['*']} | reads like a built-in role"
            })
    void a_role_that_is_not_legal(String name, String spec, String message) {
        refused("VaultRole", name, spec, message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{permissionModel: Policy} | permissionModel is RBAC or AccessPolicy",
                "{accessPolicies: []} | accessPolicies go with permissionModel AccessPolicy only",
                "{permissionModel: AccessPolicy, accessPolicies: [{subjects: [], permissions: {}}]} | subjects",
                "{permissionModel: AccessPolicy, accessPolicies: [{subjects: [{kind: User, name: a}], permissions: {secrets: [all]}}]} | the permissions of secrets are",
                "{permissionModel: AccessPolicy, accessPolicies: [{subjects: [{kind: User, name: a}], permissions: {keys: [wrapkey]}}]} | the permissions of keys are"
            })
    void a_vault_whose_access_is_not_legal(String spec, String message) {
        refused("Vault", "vault", spec, message);
    }
}
