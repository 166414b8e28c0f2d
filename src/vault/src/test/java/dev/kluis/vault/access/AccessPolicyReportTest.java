package dev.kluis.vault.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kluis.vault.VaultId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AccessPolicyReportTest {

    private static final VaultId VAULT = new VaultId("payments", "payments");

    private static Assignment policy(int place, Map<String, List<String>> words) {
        String title = "access policy " + place;
        return new Assignment(
                "payments/payments " + title,
                VAULT,
                PolicyPermissions.of(title, words),
                List.of(new Subject.ServiceAccount("payments", "api")),
                Scope.WHOLE_VAULT,
                Optional.empty());
    }

    private static AccessPolicyReport report(Map<String, List<String>> words) {
        return AccessPolicyReport.of(VAULT, List.of(policy(1, words)), List.of());
    }

    private static List<String> roles(Map<String, List<String>> words) {
        return report(words).replacements().stream()
                .map(AccessPolicyReport.Replacement::role)
                .toList();
    }

    @Test
    void the_least_role_that_adds_no_more_than_metadata_replaces_a_policy() {
        assertThat(roles(Map.of("secrets", List.of("get", "list")))).containsExactly("Secrets User");
        assertThat(roles(Map.of("secrets", List.of("list")))).containsExactly("Reader");
        assertThat(roles(Map.of("secrets", PolicyPermissions.words("secrets")))).containsExactly("Secrets Officer");
        assertThat(roles(Map.of("keys", List.of("get", "wrapKey", "unwrapKey"))))
                .containsExactly("Crypto Service Encryption User");
        assertThat(roles(Map.of("certificates", List.of("get"), "secrets", List.of("get"))))
                .containsExactly("Certificate User");
        assertThat(roles(Map.of())).isEmpty();
    }

    @Test
    void a_policy_that_no_role_fits_becomes_a_role_with_exactly_its_permissions() {
        var report = report(Map.of("secrets", List.of("get", "set")));
        var one = report.replacements().getFirst();

        assertThat(one.gained()).isEmpty();
        assertThat(one.lost()).isEmpty();
        assertThat(one.nearest()).contains(Role.SECRETS_OFFICER);
        assertThat(report.yaml()).isEqualTo("""
                # in place of payments/payments access policy 1
                # 'Secrets Officer' is the least built-in role for it, and would allow much more
                ---
                apiVersion: kluis.dev/v1alpha1
                kind: VaultRole
                metadata: {namespace: "payments", name: "policy-1-secrets"}
                spec:
                  dataActions:
                    - "secrets/getSecret/action"
                    - "secrets/setSecret/action"
                    - "secrets/update/action"
                ---
                apiVersion: kluis.dev/v1alpha1
                kind: AccessAssignment
                metadata: {namespace: "payments", name: "policy-1-secrets"}
                spec:
                  vaultRef: {name: "payments"}
                  role: "policy-1-secrets"
                  subjects:
                    - {kind: ServiceAccount, name: "api"}
                """);
    }

    @Test
    void it_says_what_is_gained_and_which_assignments_come_into_force() {
        var waiting = new Assignment(
                "payments/old",
                VAULT,
                Role.ADMINISTRATOR,
                List.of(new Subject.User("ann")),
                Scope.WHOLE_VAULT,
                Optional.empty());
        var report =
                AccessPolicyReport.of(VAULT, List.of(policy(1, Map.of("secrets", List.of("get")))), List.of(waiting));

        assertThat(report.yaml())
                .contains("# gained: secrets/readMetadata/action\n")
                .contains("# payments/old ('Administrator') is there already and comes into force");
    }

    @Test
    void whatever_the_policy_nothing_is_lost_and_nothing_but_metadata_is_gained() {
        long seed = Long.getLong("kluis.seed", System.nanoTime());
        var random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            var words = new java.util.HashMap<String, List<String>>();
            for (String collection : List.of("secrets", "keys", "certificates")) {
                var some = new ArrayList<>(PolicyPermissions.words(collection));
                some.removeIf(word -> random.nextInt(3) > 0);
                words.put(collection, some);
            }
            var policy = policy(1, words);
            var granted = EnumSet.noneOf(Action.class);
            for (var one :
                    AccessPolicyReport.of(VAULT, List.of(policy), List.of()).replacements()) {
                assertThat(one.lost()).as("seed %d", seed).isEmpty();
                assertThat(one.gained())
                        .as("seed %d", seed)
                        .allMatch(action -> action.readsMetadata() || action == Action.ASSIGNMENT_READ);
                Role.ofTitle(one.role()).ifPresent(role -> granted.addAll(role.actions()));
                policy.role().actions().stream()
                        .filter(action -> one.yaml().contains('"' + action.id() + '"'))
                        .forEach(granted::add);
            }
            assertThat(granted).as("seed %d", seed).containsAll(policy.role().actions());
        }
    }
}
