package dev.kluis.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kluis.testkit.Cluster;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The command as it is installed, on its own way through the API server: tokens, authority and port-forward. */
class CommandIT {

    private static final Path KLUIS = Path.of("..", "..", "target", "kluis", "kluis");
    private static final long LIMIT_SECONDS = 60;

    private final Cluster cluster = Cluster.shared();
    private final String ns = cluster.newNamespace("command");
    private final String vault = ns;

    private record Result(int exit, String out, String err) {}

    @BeforeEach
    void grant() {
        cluster.vault(ns, vault, "{}");
        cluster.serviceAccount(ns, "admin");
        cluster.serviceAccount(ns, "api");
        cluster.apply(ns, """
                apiVersion: kluis.dev/v1alpha1
                kind: AccessAssignment
                metadata: {name: admin}
                spec:
                  vaultRef: {name: %s}
                  role: Secrets Officer
                  subjects: [{kind: ServiceAccount, name: admin}]
                """.formatted(vault));
        cluster.awaitReady("AccessAssignment", ns, "admin");
    }

    @AfterEach
    void clean() {
        cluster.client().namespaces().withName(ns).delete();
    }

    @Test
    void a_value_that_a_person_sets_is_in_the_pod() throws Exception {
        var status = kluis("", "status");
        assertThat(status.exit()).as(status.err()).isZero();
        assertThat(status.out()).contains("Serving");

        var set = kluis("the value of a person", "secret", "set", "by-hand");
        assertThat(set.exit()).as(set.err()).isZero();
        assertThat(kluis("", "secret", "get", "by-hand").out()).isEqualTo("the value of a person");

        cluster.assign(ns, vault, "api", "by-hand");
        cluster.providerClass(ns, "files", vault, "by-hand");
        cluster.pod(ns, "api", "api", "files");
        cluster.awaitRunning(ns, "api");
        assertThat(cluster.file(ns, "api", "by-hand")).isEqualTo("the value of a person");
    }

    private Result kluis(String input, String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(KLUIS.toString()));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command);
        builder.environment().put("KLUIS_AS_SERVICE_ACCOUNT", ns + "/admin");
        builder.environment().put("KLUIS_NAMESPACE", ns);
        builder.environment().put("KLUIS_VAULT", vault);
        var process = builder.start();
        try (var in = process.getOutputStream()) {
            in.write(input.getBytes(UTF_8));
        }
        String out = new String(process.getInputStream().readAllBytes(), UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        return new Result(process.exitValue(), out, err);
    }
}
