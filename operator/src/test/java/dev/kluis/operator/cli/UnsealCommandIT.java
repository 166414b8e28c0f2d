package dev.kluis.operator.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kluis.operator.Kluis;
import dev.kluis.operator.Phase;
import dev.kluis.operator.SealSettings;
import dev.kluis.operator.TestOperator;
import dev.kluis.testkit.ApiServer;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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
        return operator.start(system, SealSettings.of(SealSettings.Kind.SHAMIR));
    }

    private Command command(Kluis kluis, String account) throws IOException {
        await().until(() -> kluis.phase() == Phase.SEALED && kluis.api().isPresent());
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
        for (String audit : List.of("--seal", "--tokens")) {
            var refused = stranger.run("audit", "tail", audit);
            assertThat(refused.exit()).as(audit).isEqualTo(1);
            assertThat(refused.out()).isEmpty();
        }
        assertThat(auditor.run("audit", "tail", "--tokens").exit()).isZero();
        assertThat(auditor.run("audit", "tail", "--seal", "--tokens").err()).contains("either --seal or --tokens");
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
            String[] init = deal("init", first, second, third);

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

            var resplit = shares(dealer.run(deal("resplit", second, third)));
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

    private String[] deal(String command, String... officers) {
        var line = new ArrayList<>(List.of("unseal", command, "--threshold", "2", "--out", folder.toString()));
        for (String officer : officers) {
            line.addAll(List.of("--officer", officer + ".pub"));
        }
        return line.toArray(String[]::new);
    }

    /** Nothing of any vault is told, and everybody is told why. */
    private static void assertSealed(Kluis kluis, Command user) {
        assertThat(kluis.ready()).as("readiness").isFalse();
        assertThat(kluis.vault())
                .as("the engine, which nodes and controllers use")
                .isEmpty();
        var status = user.run("status");
        assertThat(status.exit()).isEqualTo(4);
        assertThat(status.out()).contains("Sealed", "false");
        for (var command : List.of(
                List.of("secret", "get", "db"),
                List.of("secret", "list"),
                List.of("access", "can-i", "secrets/getSecret/action"),
                List.of("audit", "tail"),
                List.of("backup", "list"))) {
            var refused = user.run(command.toArray(String[]::new));
            assertThat(refused.exit()).as(command + ": " + refused.err()).isEqualTo(4);
            assertThat(refused.out()).isEmpty();
            assertThat(refused.err()).contains("sealed");
        }
    }

    @Test
    void after_a_restart_nothing_is_served_until_enough_officers_unsealed_and_old_shares_never_do_it_again()
            throws IOException {
        String ns = ApiServer.shared().newNamespace("sealed");
        String vault = "v" + ns.substring(ns.length() - 8);
        operator.stop();
        try {
            allow("dealer", "create");
            allow("officer", "update");
            String first;
            String second;
            String third;
            List<String> shares;
            try (var kluis = start()) {
                var dealer = command(kluis, "dealer");
                var officers = command(kluis, "officer");
                var user = command(kluis, "user").with("KLUIS_NAMESPACE", ns).with("KLUIS_VAULT", vault);
                first = officer(dealer, 1, true);
                second = officer(dealer, 2, true);
                third = officer(dealer, 3, true);
                shares = shares(dealer.run(deal("init", first, second, third)));
                submit(officers, first, shares.get(0));
                submit(officers, third, shares.get(2));
                await().atMost(Duration.ofSeconds(30)).until(kluis::ready);
                operator.awaitReady(operator.vault(ns, vault));
                operator.awaitReady(operator.assignment(
                        ns,
                        "user",
                        "vaultRef: {name: " + vault + "}\nrole: Administrator\n"
                                + "subjects: [{kind: ServiceAccount, name: user, namespace: " + system + "}]"));
                assertThat(user.runWith("hello", "secret", "set", "db").exit()).isZero();
            }
            List<String> dealtAgain;
            try (var kluis = start()) {
                var officers = command(kluis, "officer");
                var dealer = command(kluis, "dealer");
                var user = command(kluis, "user").with("KLUIS_NAMESPACE", ns).with("KLUIS_VAULT", vault);
                assertSealed(kluis, user);
                assertThat(submit(officers, second, shares.get(1))).contains("1 of 2");
                assertSealed(kluis, user);
                submit(officers, second, shares.get(1));
                assertSealed(kluis, user);
                assertThat(submit(officers, first, shares.get(0))).contains("unsealed");
                await().atMost(Duration.ofSeconds(30)).until(kluis::ready);
                assertThat(user.run("status").exit()).isZero();
                assertThat(user.run("secret", "get", "db").out()).isEqualTo("hello");

                dealtAgain = shares(dealer.run(deal("resplit", second, third)));
                submit(officers, second, dealtAgain.get(0));
                assertThat(submit(officers, third, dealtAgain.get(1))).contains("unsealed");
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> kluis.rootRotation()
                                .filter(walk -> walk.done() == walk.total())
                                .isPresent());
                assertThat(user.run("secret", "get", "db").out()).isEqualTo("hello");
            }
            try (var kluis = start()) {
                var officers = command(kluis, "officer");
                var user = command(kluis, "user").with("KLUIS_NAMESPACE", ns).with("KLUIS_VAULT", vault);
                for (int i = 0; i < 2; i++) {
                    var old = officers.run(
                            "unseal", "submit", "--key", i == 0 ? first : second, "--share", shares.get(i));
                    assertThat(old.exit()).as(old.err()).isNotZero();
                }
                assertSealed(kluis, user);
                submit(officers, second, dealtAgain.get(0));
                assertThat(submit(officers, third, dealtAgain.get(1))).contains("unsealed");
                await().atMost(Duration.ofSeconds(30)).until(kluis::ready);
                assertThat(user.run("secret", "get", "db").out()).isEqualTo("hello");
            }
        } finally {
            operator.start();
            operator.awaitReady();
        }
    }
}
