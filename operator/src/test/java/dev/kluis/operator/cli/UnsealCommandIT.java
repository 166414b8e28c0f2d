package dev.kluis.operator.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kluis.operator.Kluis;
import dev.kluis.operator.TestOperator;
import dev.kluis.testkit.ApiServer;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ceremony by the command, as officers hold it. */
class UnsealCommandIT {

    private final TestOperator operator = TestOperator.shared();
    private final String system = ApiServer.shared().newNamespace("officers");

    @TempDir
    Path folder;

    private Kluis start() {
        return operator.start(system, Kluis.SealKind.SHAMIR);
    }

    private Command command(Kluis kluis, String account) throws IOException {
        await().until(() -> kluis.phase() == Kluis.Phase.SEALED && kluis.api().isPresent());
        String authority = operator.client()
                .configMaps()
                .inNamespace(system)
                .withName("kluis-node-ca")
                .get()
                .getData()
                .get("ca.crt");
        return Command.as(operator, folder, system, account, "any")
                .with(
                        "KLUIS_SERVER",
                        "https://localhost:" + kluis.api().orElseThrow().port())
                .with(
                        "KLUIS_CA_FILE",
                        Files.writeString(folder.resolve("system-ca.crt"), authority)
                                .toString());
    }

    private void allow(String account, String verb) {
        operator.client()
                .resource(new RoleBuilder()
                        .withNewMetadata()
                        .withName(account)
                        .withNamespace(system)
                        .endMetadata()
                        .withRules(new PolicyRuleBuilder()
                                .withApiGroups("kluis.dev")
                                .withResources("seals")
                                .withVerbs(verb)
                                .build())
                        .build())
                .create();
        operator.client()
                .resource(new RoleBindingBuilder()
                        .withNewMetadata()
                        .withName(account)
                        .withNamespace(system)
                        .endMetadata()
                        .withNewRoleRef("rbac.authorization.k8s.io", "Role", account)
                        .addNewSubject(null, "ServiceAccount", account, system)
                        .build())
                .create();
    }

    private String officer(Command command, int number, boolean unprotected) throws IOException {
        String key = folder.resolve("officer-" + number).toString();
        Files.writeString(folder.resolve("passphrase"), "correct horse\n");
        var made = unprotected
                ? command.run("unseal", "keygen", "--out", key, "--no-passphrase")
                : command.run(
                        "unseal",
                        "keygen",
                        "--out",
                        key,
                        "--passphrase-file",
                        folder.resolve("passphrase").toString());
        assertThat(made.exit()).as(made.err()).isZero();
        assertThat(made.out()).startsWith("kluis-recipient1:");
        assertThat(Files.getPosixFilePermissions(Path.of(key)).toString()).doesNotContain("GROUP", "OTHERS");
        return key;
    }

    private String submit(Command command, String key, String share) {
        var done = command.run(
                "unseal",
                "submit",
                "--key",
                key,
                "--share",
                share,
                "--passphrase-file",
                folder.resolve("passphrase").toString());
        assertThat(done.exit()).as(done.err()).isZero();
        return done.out();
    }

    private List<String> shares(Command.Result dealt) {
        assertThat(dealt.exit()).as(dealt.err()).isZero();
        assertThat(dealt.out()).doesNotContain("kluis-share1");
        return dealt.out()
                .lines()
                .map(line -> line.substring(0, line.indexOf(": ")))
                .toList();
    }

    private void assertAuditedWhileSealed(Command auditor, Command stranger) {
        var tail = auditor.run("audit", "tail", "--seal", "-o", "json");
        assertThat(tail.exit()).as(tail.err()).isZero();
        assertThat(tail.out())
                .contains("SealInit", "\"Begun\"", "FORBIDDEN", ":stranger", ":dealer", "of whom 2 suffice");
        var refused = stranger.run("audit", "tail", "--seal");
        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.out()).isEmpty();
    }

    private void assertAudited(Command auditor, List<String> shares) throws IOException {
        var all = auditor.run("audit", "search", "--seal", "-o", "json");
        assertThat(all.exit()).as(all.err()).isZero();
        assertThat(all.out())
                .contains("SealSubmit", "SealUnseal", "SealResplit", "AuditRead", "the shares [1] are there")
                .contains(":officer", "kluis:clockwork")
                .doesNotContain("kluis-share", "kluis-submission");
        for (var share : shares) {
            for (var line : Files.readString(Path.of(share)).lines().toList()) {
                assertThat(all.out()).doesNotContain(line);
            }
        }
        var submitted = auditor.run(
                "audit", "search", "--seal", "--operation", "SealSubmit", "--result", "Success", "-o", "name");
        assertThat(submitted.out().lines()).hasSize(4);
    }

    @Test
    void officers_make_keys_are_dealt_shares_unseal_and_are_replaced() throws IOException {
        operator.stop();
        try (var kluis = start()) {
            var stranger = command(kluis, "stranger");
            var dealer = command(kluis, "dealer");
            var officers = command(kluis, "officer");
            var auditor = command(kluis, "auditor");
            allow("dealer", "create");
            allow("officer", "update");
            String first = officer(dealer, 1, false);
            String second = officer(dealer, 2, true);
            String third = officer(dealer, 3, true);
            String[] init = {
                "unseal",
                "init",
                "--threshold",
                "2",
                "--officer",
                first + ".pub",
                "--officer",
                second + ".pub",
                "--officer",
                third + ".pub",
                "--out",
                folder.toString()
            };

            var refused = stranger.run(init);
            assertThat(refused.exit()).isEqualTo(1);
            assertThat(refused.err()).contains("kluis-seal-dealer");
            var before = stranger.run("status");
            assertThat(before.exit()).isEqualTo(4);
            assertThat(before.out()).contains("Sealed");
            assertThat(before.err()).contains("run kluis unseal init");

            var shares = shares(dealer.run(init));
            assertThat(stranger.run("unseal", "status").out()).contains("0 of 2");
            allow("auditor", "get");
            assertAuditedWhileSealed(auditor, stranger);
            assertThat(submit(officers, first, shares.getFirst())).contains("1 of 2");
            var wrong = officers.run("unseal", "submit", "--key", second, "--share", shares.get(2));
            assertThat(wrong.exit()).isEqualTo(2);
            assertThat(wrong.err()).contains("the share is for the officer's key");
            assertThat(submit(officers, second, shares.get(1))).contains("unsealed");
            await().atMost(Duration.ofSeconds(30)).until(kluis::ready);
            assertThat(stranger.run("status").exit()).isZero();

            var resplit = shares(dealer.run(
                    "unseal",
                    "resplit",
                    "--threshold",
                    "2",
                    "--officer",
                    second + ".pub",
                    "--officer",
                    third + ".pub",
                    "--out",
                    folder.toString()));
            submit(officers, second, resplit.getFirst());
            assertThat(submit(officers, third, resplit.getLast())).contains("unsealed");
            assertThat(kluis.ceremonies()
                            .orElseThrow()
                            .view()
                            .set()
                            .orElseThrow()
                            .generation())
                    .isEqualTo(2);
            assertAudited(auditor, resplit);
        } finally {
            operator.start();
            operator.awaitReady();
        }
    }
}
