package dev.kluis.operator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kluis.operator.TestOperator;
import dev.kluis.testkit.ApiServer;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kluis secret} and {@code kluis status} against the server. */
class SecretCommandIT {

    private final TestOperator operator = TestOperator.shared();
    private final String ns = ApiServer.shared().newNamespace("cli");
    private final String vault = "v" + ns.substring(ns.length() - 8);

    @TempDir
    Path folder;

    private Command kluis;

    @BeforeEach
    void grant() throws IOException {
        operator.awaitReady(operator.vault(ns, vault));
        operator.awaitReady(operator.assignment(
                ns,
                "officer",
                "vaultRef: {name: " + vault + "}\nrole: Secrets Officer\n"
                        + "subjects: [{kind: ServiceAccount, name: officer}]"));
        kluis = Command.as(operator, folder, ns, "officer", vault);
    }

    @Test
    void a_value_goes_in_by_standard_input_and_comes_out_as_it_was() {
        var set = kluis.runWith("één\n", "secret", "set", "db", "-o", "name");
        assertThat(set.exit()).as(set.err()).isZero();
        assertThat(set.out()).matches("[0-9a-f]{32}\n");
        var get = kluis.run("secret", "get", "db");
        assertThat(get.exit()).as(get.err()).isZero();
        assertThat(get.out()).isEqualTo("één\n");
        assertThat(kluis.run("secret", "list", "-o", "name").out()).isEqualTo("db\n");
    }

    @Test
    void status_tells_how_kluis_is_without_a_token() {
        var status = kluis.without("KLUIS_TOKEN_FILE").run("status");
        assertThat(status.exit()).as(status.err()).isZero();
        assertThat(status.out()).contains("Serving");
    }
}
