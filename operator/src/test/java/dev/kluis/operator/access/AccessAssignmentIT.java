package dev.kluis.operator.access;

import static dev.kluis.operator.TestOperator.condition;
import static dev.kluis.operator.TestOperator.message;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kluis.operator.TestOperator;
import dev.kluis.testkit.ApiServer;
import org.junit.jupiter.api.Test;

class AccessAssignmentIT {

    private final TestOperator operator = TestOperator.shared();
    private final String ns = ApiServer.shared().newNamespace("access");
    private final String name = "v" + ns.substring(ns.length() - 8);

    private String spec(String more) {
        return "vaultRef: {name: " + name + "}\nrole: Secrets User\nsubjects: [{kind: ServiceAccount, name: api}]\n"
                + more;
    }

    @Test
    void an_assignment_in_force_shows_the_id_of_its_role() {
        operator.awaitReady(operator.vault(ns, name));
        var assignment = operator.awaitReady(operator.assignment(ns, "api", spec("")));

        // Azure's id of Key Vault Secrets User.
        assertThat(assignment.getStatus().roleId).isEqualTo("4633458b-17de-408a-b874-0445c86b69e6");
        assertThat(condition(assignment, "Ready")).isEqualTo("True");
    }

    @Test
    void it_waits_for_its_vault() {
        var early = operator.awaitReason(operator.assignment(ns, "api", spec("")), "VaultNotFound");
        assertThat(message(early)).contains("apply a Vault of this name");

        operator.vault(ns, name);
        operator.awaitReady(early);
    }

    @Test
    void one_that_has_expired_says_so() {
        operator.awaitReady(operator.vault(ns, name));
        var expired =
                operator.awaitReason(operator.assignment(ns, "api", spec("expires: 2020-01-01T00:00:00Z")), "Expired");
        assertThat(condition(expired, "Stalled")).isEqualTo("True");
    }
}
