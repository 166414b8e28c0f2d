package dev.kluis.operator.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.kluis.operator.TestOperator;
import dev.kluis.testkit.ApiServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kluis} against the server: every command on secrets, vaults and status, its output and how it ends. */
class SecretCommandIT {

    private static final String CANARY = "canary-value-91c4";

    private final TestOperator operator = TestOperator.shared();
    private final String ns = ApiServer.shared().newNamespace("cli");
    private final String vault = "v" + ns.substring(ns.length() - 8);
    private final LogCapture log = LogCapture.start();

    @TempDir
    Path folder;

    private Command kluis;

    @BeforeEach
    void grant() throws IOException {
        operator.awaitReady(operator.vault(ns, vault));
        operator.grant(ns, vault, "officer", "Secrets Officer");
        kluis = Command.as(operator, folder, ns, "officer", vault);
    }

    @AfterEach
    void no_value_is_in_the_log() {
        assertThat(log.stop()).doesNotContain(CANARY);
    }

    private Command.Result ok(Command.Result result) {
        assertThat(result.exit()).as(result.err()).isZero();
        assertThat(result.err()).isEmpty();
        return result;
    }

    private void ends(int exit, String words, Command.Result result) {
        assertThat(result.exit()).as(result.err()).isEqualTo(exit);
        assertThat(result.err()).startsWith("kluis: ").contains(words).doesNotContain(CANARY, "Exception", "\tat ");
        assertThat(result.out()).isEmpty();
    }

    @Test
    void a_value_goes_in_by_standard_input_and_comes_out_as_it_was() {
        var set = ok(kluis.runWith("één\n", "secret", "set", "db", "-o", "name"));
        assertThat(set.out()).matches("[0-9a-f]{32}\n");
        assertThat(ok(kluis.run("secret", "get", "db")).out()).isEqualTo("één\n");
        assertThat(ok(kluis.run("secret", "list", "-o", "name")).out()).isEqualTo("db\n");
    }

    @Test
    void a_value_goes_in_by_a_file_and_out_into_one_that_only_its_owner_reads() throws IOException {
        var in = Files.writeString(folder.resolve("in"), CANARY);
        var out = Files.writeString(folder.resolve("out"), "what was there");
        var set = ok(kluis.run("secret", "set", "db", "--file", in.toString()));
        assertThat(set.out()).contains("VERSION").doesNotContain(CANARY);
        assertThat(ok(kluis.run("secret", "get", "db", "--output-file", out.toString()))
                        .out())
                .isEmpty();
        assertThat(out).hasContent(CANARY);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(out)))
                .isEqualTo("rw-------");
        try (var files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString())).noneMatch(name -> name.startsWith(".kluis"));
        }
    }

    @Test
    void versions_are_listed_read_and_described() throws IOException {
        String first = ok(kluis.runWith("1", "secret", "set", "db", "-o", "name", "--content-type", "text/plain"))
                .out()
                .strip();
        ok(kluis.runWith("2", "secret", "set", "db", "--tag", "owner=billing", "--expires", "2031-02-03T04:05:06Z"));
        assertThat(ok(kluis.run("secret", "get", "db", "--version", first)).out())
                .isEqualTo("1");
        var versions = ok(kluis.run("secret", "versions", "db")).out().lines().toList();
        assertThat(versions).hasSize(3);
        assertThat(versions.getFirst()).matches("VERSION +ENABLED +CREATED +EXPIRES");
        assertThat(versions.get(1)).startsWith(first);
        assertThat(versions.get(2)).endsWith("2031-02-03T04:05:06Z");

        ok(kluis.run("secret", "update", "db", "--version", first, "--enabled", "false"));
        ends(1, "disabled", kluis.run("secret", "get", "db", "--version", first));
        var json = new ObjectMapper()
                .readTree(ok(kluis.run("secret", "get", "db", "-o", "json")).out());
        assertThat(json.path("value").asText()).isEqualTo("2");
        assertThat(json.path("tags").path("owner").asText()).isEqualTo("billing");
        var yaml = new YAMLMapper()
                .readTree(ok(kluis.run("secret", "list", "-o", "yaml")).out());
        assertThat(yaml).hasSize(1);
        assertThat(yaml.get(0).path("attributes").path("exp").isIntegralNumber())
                .isTrue();
        var table = ok(kluis.run("secret", "get", "db", "-o", "table")).out();
        assertThat(table).contains("NAME").contains("db").doesNotContain("value");
    }

    @Test
    void all_pages_of_a_list_are_fetched() {
        for (int i = 0; i < 30; i++) {
            ok(kluis.runWith("v", "secret", "set", "s" + i, "-o", "name"));
        }
        assertThat(ok(kluis.run("secret", "list", "-o", "name")).out().lines()).hasSize(30);
    }

    @Test
    void a_secret_is_deleted_recovered_and_purged_only_when_somebody_says_so() {
        ok(kluis.runWith(CANARY, "secret", "set", "db"));
        ends(2, "--yes", kluis.run("secret", "delete", "db"));
        ok(kluis.run("secret", "delete", "db", "--yes"));
        ends(3, "db", kluis.run("secret", "get", "db"));
        ends(5, "recover", kluis.runWith(CANARY, "secret", "set", "db"));
        assertThat(ok(kluis.run("secret", "list", "--deleted", "-o", "name")).out())
                .isEqualTo("db\n");
        ok(kluis.run("secret", "recover", "db"));
        assertThat(ok(kluis.run("secret", "get", "db")).out()).isEqualTo(CANARY);
        ok(kluis.run("secret", "delete", "db", "--yes"));
        ends(2, "for ever", kluis.run("secret", "purge", "db"));
        assertThat(ok(kluis.run("secret", "purge", "db", "--yes")).out()).isEmpty();
        assertThat(ok(kluis.run("secret", "list", "--deleted", "-o", "name")).out())
                .isEmpty();
    }

    @Test
    void how_it_ends_tells_scripts_what_was_wrong() throws IOException {
        ends(3, "no", kluis.run("secret", "get", "none"));
        ends(2, "name", kluis.run("secret", "get", "a/b"));
        ends(2, "name", kluis.run("secret", "get", ""));
        ends(2, "letters, digits", kluis.run("secret", "get", "..", "-v", ".."));
        ends(2, "25 KB", kluis.runWith("x".repeat(25_601), "secret", "set", "db"));
        ends(2, "version", kluis.run("secret", "get", "db", "--version", "abc"));
        ends(2, "as whom", kluis.without("KLUIS_TOKEN_FILE").run("secret", "list"));
        ends(2, "https://", kluis.with("KLUIS_SERVER", "http://localhost").run("secret", "list"));
        ends(
                4,
                "cannot be reached",
                kluis.with("KLUIS_SERVER", "https://localhost:1").run("secret", "list"));
        var junk = Files.writeString(folder.resolve("junk"), CANARY);
        ends(2, "no certificate", kluis.with("KLUIS_CA_FILE", junk.toString()).run("secret", "list"));
        ends(
                1,
                "--audience kluis",
                kluis.with("KLUIS_TOKEN_FILE", junk.toString()).run("secret", "list"));
        ends(
                1,
                "AccessAssignment",
                Command.as(operator, folder, ns, "stranger", vault).run("secret", "get", "db"));
        ends(2, "--output", kluis.run("secret", "list", "-o", CANARY));
    }

    @Test
    void what_was_typed_in_the_wrong_place_is_not_repeated() {
        for (var args : List.of(
                List.of("secret", "set", "db", CANARY),
                List.of("secret", "set", "db", "--value=" + CANARY),
                List.of("secret", "set", "db", "--expires", CANARY),
                List.of(CANARY))) {
            var result = kluis.runWith("v", args.toArray(String[]::new));
            assertThat(result.exit()).isEqualTo(2);
            assertThat(result.err()).doesNotContain(CANARY).contains("--help");
        }
    }

    @Test
    void status_tells_how_kluis_is_without_a_token() {
        var status = ok(kluis.without("KLUIS_TOKEN_FILE").run("status"));
        assertThat(status.out()).contains("Serving");
        ends(4, "", kluis.with("KLUIS_SERVER", "https://localhost:1").run("status"));
    }

    @Test
    void the_clusters_user_is_who_calls_through_a_service_account_and_sees_vaults() throws IOException {
        var kubeconfig = Files.writeString(
                folder.resolve("kubeconfig"), ApiServer.shared().kubeconfig());
        var user = kluis.without("KLUIS_TOKEN_FILE")
                .without("KLUIS_CA_FILE")
                .with("KLUIS_KUBECONFIG", kubeconfig.toString())
                .with("KLUIS_AS_SERVICE_ACCOUNT", ns + "/officer");
        ok(user.runWith("v", "secret", "set", "db", "-o", "name"));
        assertThat(ok(user.run("secret", "get", "db")).out()).isEqualTo("v");
        ends(
                3,
                "ServiceAccount",
                user.with("KLUIS_AS_SERVICE_ACCOUNT", ns + "/none").run("secret", "get", "db"));
        ends(4, "no pod of the operator", user.without("KLUIS_SERVER").run("status"));
        assertThat(ok(user.run("vault", "list", "-o", "name")).out()).isEqualTo(vault + "\n");
        assertThat(ok(user.run("vault", "list", "-A", "-o", "name")).out()).contains(vault);
        assertThat(ok(user.run("vault", "show", vault)).out()).contains(ns, "True");
        ends(3, "kluis vault list", user.run("vault", "show", "none"));
    }

    @Test
    void options_come_from_the_configuration_file_where_nothing_else_says_them() throws IOException {
        Files.createDirectories(folder.resolve(".config/kluis"));
        Files.writeString(folder.resolve(".config/kluis/config"), "vault=" + vault + "\nnamespace=" + ns + "\n");
        var bare = kluis.without("KLUIS_VAULT").without("KLUIS_NAMESPACE");
        ok(bare.runWith("v", "secret", "set", "db", "-o", "name"));
        assertThat(ok(bare.run("secret", "list", "-o", "name")).out()).isEqualTo("db\n");
        ends(2, "--vault", bare.with("HOME", "/none").run("secret", "list"));
    }

    @Test
    void a_value_is_in_no_list_of_processes_and_no_environment() throws Exception {
        var builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                Path.of("..", "src", "cli", "target", "kluis-cli.jar").toString(),
                "secret",
                "set",
                "db");
        builder.environment().clear();
        builder.environment().putAll(kluis.environment());
        builder.environment().put("LD_LIBRARY_PATH", "");
        builder.redirectError(folder.resolve("err").toFile())
                .redirectOutput(folder.resolve("out").toFile());
        // Its libraries lie beside it where it is installed.
        var installed = Files.createDirectories(folder.resolve("installed"));
        for (var jars : List.of(Path.of("..", "src", "cli", "target", "lib"), Path.of("..", "src", "cli", "target"))) {
            try (var files = Files.newDirectoryStream(jars, "*.jar")) {
                for (var jar : files) {
                    Files.copy(jar, installed.resolve(jar.getFileName().toString()));
                }
            }
        }
        builder.command().set(2, installed.resolve("kluis-cli.jar").toString());
        var process = builder.start();
        process.getOutputStream().write(CANARY.getBytes(UTF_8));
        process.getOutputStream().flush();
        var proc = Path.of("/proc", String.valueOf(process.pid()));
        await().atMost(20, TimeUnit.SECONDS)
                .until(() -> Files.readString(proc.resolve("cmdline")).contains("secret"));
        // It waits for the rest of the value.
        for (int i = 0; i < 20 && process.isAlive(); i++) {
            assertThat(Files.readAllBytes(proc.resolve("cmdline")))
                    .asString(UTF_8)
                    .doesNotContain(CANARY);
            assertThat(Files.readAllBytes(proc.resolve("environ")))
                    .asString(UTF_8)
                    .doesNotContain(CANARY);
            process.waitFor(100, TimeUnit.MILLISECONDS);
        }
        process.getOutputStream().close();
        assertThat(process.waitFor())
                .as(Files.readString(folder.resolve("err")))
                .isZero();
        assertThat(folder.resolve("err")).content().isEmpty();
        assertThat(folder.resolve("out")).content().contains("VERSION").doesNotContain(CANARY);
        assertThat(ok(kluis.run("secret", "get", "db")).out()).isEqualTo(CANARY);
    }
}
