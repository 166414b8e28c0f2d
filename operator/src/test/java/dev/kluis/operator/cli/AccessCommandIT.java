package dev.kluis.operator.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kluis.crds.v1alpha1.AccessAssignment;
import dev.kluis.crds.v1alpha1.Vault;
import dev.kluis.crds.v1alpha1.VaultRole;
import dev.kluis.operator.TestOperator;
import dev.kluis.operator.rest.Api;
import dev.kluis.testkit.ApiServer;
import dev.kluis.vault.ObjectId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code kluis access} and its routes against the server. */
class AccessCommandIT {

    private final TestOperator operator = TestOperator.shared();
    private final String ns = ApiServer.shared().newNamespace("cli");
    private final String vault = "v" + ns.substring(ns.length() - 8);

    @TempDir
    Path folder;

    private Command api;
    private Command auditor;

    @BeforeEach
    void grant() throws IOException {
        operator.awaitReady(operator.vault(ns, vault));
        assign("api", "Secrets Officer", "scope: {secretPrefixes: [app-]}");
        assign("auditor", "Reader", "");
        api = Command.as(operator, folder, ns, "api", vault);
        auditor = Command.as(operator, folder, ns, "auditor", vault);
    }

    private void assign(String account, String role, String more) {
        operator.awaitReady(operator.assignment(
                ns,
                account,
                "vaultRef: {name: " + vault + "}\nrole: " + role + "\nsubjects: [{kind: ServiceAccount, name: "
                        + account + "}]\n" + more));
    }

    @Test
    void why_names_the_assignment_that_allows_it_or_what_comes_near() {
        var allowed = api.run("access", "why", "secrets/getSecret/action", "secrets/app-db");
        assertThat(allowed.exit()).as(allowed.err()).isZero();
        assertThat(allowed.out()).contains("may secrets/getSecret/action", ns + "/api gives 'Secrets Officer'");

        var refused = api.run("access", "why", "secrets/getSecret/action", "secrets/other");
        assertThat(refused.exit()).isZero();
        assertThat(refused.out()).contains("may not", ns + "/api ('Secrets Officer'): its scope has other objects");
        assertThat(refused.out()).doesNotContain("auditor");
    }

    @Test
    void why_about_others_is_for_who_may_read_assignments() {
        var about = new String[] {
            "access",
            "why",
            "secrets/getSecret/action",
            "secrets/app-db",
            "--service-account",
            ns + "/api",
            "-o",
            "json"
        };
        assertThat(auditor.run(about).out()).contains("\"allowed\" : true");
        var other = api.run("access", "why", "secrets/getSecret/action", "secrets/app-db", "--user", "ann");
        assertThat(other.exit()).isEqualTo(1);
        assertThat(other.err()).contains("role 'Reader'");
    }

    @Test
    void can_i_says_yes_or_no_and_ends_with_it() {
        var yes = api.run("access", "can-i", "secrets/setSecret/action", "secrets/app-db");
        assertThat(yes.out() + yes.exit()).as(yes.err()).isEqualTo("yes\n0");
        var no = auditor.run("access", "can-i", "secrets/setSecret/action", "secrets/app-db");
        assertThat(no.out() + no.exit()).as(no.err()).isEqualTo("no\n1");
    }

    @Test
    void who_can_lists_subjects_with_their_assignments() {
        var list = auditor.run("access", "who-can", "secrets/getSecret/action", "secrets/app-db");
        assertThat(list.exit()).as(list.err()).isZero();
        assertThat(list.out()).containsPattern("ServiceAccount +" + ns + " +api +Secrets Officer +" + ns + "/api");
        assertThat(api.run("access", "who-can", "secrets/getSecret/action", "secrets/app-db")
                        .exit())
                .isEqualTo(1);
    }

    @Test
    void unused_reads_the_audit_and_proposes_what_would_have_been_enough() throws IOException {
        String line = "{\"category\":\"AuditEvent\",\"time\":\"%s\",\"operationName\":\"%s\",\"resourceId\":\"" + ns
                + "/" + vault
                + "\",\"object\":\"secrets/%s\",\"identity\":{\"name\":\"system:serviceaccount:" + ns
                + ":api\",\"assignment\":\"" + ns
                + "/api\"}}\n";
        var audit = Files.writeString(
                folder.resolve("audit.log"),
                "a line of the log\n" + line.formatted(Instant.now(), "SecretGet", "app-db")
                        + line.formatted("2020-01-01T00:00:00Z", "SecretSet", "app-db"));

        var unused = auditor.run("access", "unused", "--days", "30", audit.toString());
        assertThat(unused.exit()).as(unused.err()).isZero();
        assertThat(unused.out())
                .contains("# not used of " + ns + "/api ('Secrets Officer'): ", "secrets/setSecret/action")
                .contains("role: \"Secrets User\"", "secrets: [\"app-db\"]");
        assertThat(unused.err()).as("it begins in 2020").isEmpty();

        var young = auditor.runWith(
                line.formatted(Instant.now(), "SecretGet", "app-db"), "access", "unused", "--days", "30", "-");
        assertThat(young.exit()).as(young.err()).isZero();
        assertThat(young.err()).contains("less than was asked for");
    }

    @Test
    void unused_asks_the_operators_own_audit_for_what_was_really_done_and_says_how_far_it_reaches() {
        assertThat(api.runWith("x", "secret", "set", "app-db").exit()).isZero();
        assertThat(api.run("secret", "get", "app-db").exit()).isZero();
        assertThat(api.run("secret", "get", "other").exit()).as("refused").isEqualTo(1);

        var unused = auditor.run("access", "unused", "--days", "30");
        assertThat(unused.exit()).as(unused.err()).isZero();
        assertThat(unused.out())
                .contains("# not used of " + ns + "/api ('Secrets Officer'): ", "secrets/purge/action")
                .contains("kind: VaultRole", "- \"secrets/getSecret/action\"", "- \"secrets/setSecret/action\"")
                .contains("secrets: [\"app-db\"]")
                .doesNotContain("other");
        assertThat(unused.out().lines().findFirst().orElseThrow()).startsWith("# The audit reaches back to 2");
        assertThat(unused.out()).contains("# That is less than was asked for");
        assertThat(unused.err()).contains("The audit reaches back to 2", "That is less than was asked for");

        var json = auditor.run("access", "unused", "--days", "30", "-o", "json");
        assertThat(json.out()).startsWith("[").contains(ns + "/api");
        assertThat(json.err()).contains("less than was asked for");
    }

    @Test
    void what_the_operators_audit_proposes_is_applied_and_is_enough() {
        assertThat(api.runWith("x", "secret", "set", "app-db").exit()).isZero();
        for (String yaml : auditor.run("access", "unused").out().split("(?m)^---$", -1)) {
            if (yaml.contains("kind: VaultRole")) {
                operator.apply(VaultRole.class, ns, yaml);
            } else if (yaml.contains("kind: AccessAssignment") && yaml.contains("name: \"api\"")) {
                assertThat(yaml).contains("role: \"api-used\"");
                operator.apply(AccessAssignment.class, ns, yaml);
            }
        }

        await().untilAsserted(() ->
                assertThat(api.run("secret", "get", "app-db").exit()).isEqualTo(1));
        assertThat(api.runWith("y", "secret", "set", "app-db").exit()).isZero();
    }

    @Test
    void who_may_not_read_the_audit_asks_it_for_nothing() {
        var refused = api.run("access", "unused");
        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.out()).isEmpty();
        assertThat(operator.audit())
                .anyMatch(record -> record.operation().equals("AuditRead")
                        && record.target() instanceof ObjectId target
                        && target.vault().namespace().equals(ns)
                        && record.result().status() == 403
                        && record.caller().endsWith(":api"));
        for (var days : new String[] {"0", "3651", "x", "-1"}) {
            assertThat(Api.as(operator, ns, "auditor")
                            .get("/vaults/" + ns + "/" + vault + "/access/unused?days=" + days)
                            .status())
                    .isEqualTo(400);
        }
    }

    @Test
    void report_prints_what_would_replace_the_policies() {
        operator.apply(Vault.class, ns, """
                apiVersion: kluis.dev/v1alpha1
                kind: Vault
                metadata: {name: %s}
                spec:
                  permissionModel: AccessPolicy
                  accessPolicies:
                    - {subjects: [{kind: ServiceAccount, name: api}], permissions: {secrets: [get, list]}}
                """.formatted(vault));
        await().untilAsserted(() -> {
            var report = auditor.run("access", "report");
            assertThat(report.exit()).as(report.err()).isZero();
            assertThat(report.out())
                    .contains("role: \"Secrets User\"", "# " + ns + "/api ('Secrets Officer') is there already");
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "{\"action\":7}",
                "{\"action\":\"secrets/*\"}",
                "{\"action\":\"secrets/delete\",\"object\":\"db\"}",
                "{\"action\":\"secrets/delete\",\"object\":\"secrets/a/b\"}",
                "{\"action\":\"secrets/delete\",\"object\":\"vaults/\"}",
                "{\"action\":\"secrets/delete\",\"object\":\"secrets/..\"}",
                "{\"action\":\"secrets/delete\",\"subject\":{}}",
                "{\"action\":\"secrets/delete\",\"subject\":{\"kind\":\"Group\",\"name\":\"a\"}}",
                "{\"action\":\"secrets/delete\",\"subject\":{\"kind\":\"ServiceAccount\",\"name\":\"a\"}}"
            })
    void a_question_that_is_not_one_is_refused(String body) {
        assertThat(Api.as(operator, ns, "auditor")
                        .send("POST", "/vaults/" + ns + "/" + vault + "/access/why", body)
                        .status())
                .as(body)
                .isEqualTo(400);
    }
}
