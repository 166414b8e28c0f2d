package dev.kluis.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kluis.testkit.Cluster;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Keys as files: their public part, in PEM. */
class KeyMountIT {

    private static final String BEGIN = "-----BEGIN PUBLIC KEY-----\n";
    private static final String END = "\n-----END PUBLIC KEY-----\n";
    private static final Pattern MODULUS = Pattern.compile("\"n\":\"([0-9A-Za-z_-]+)\"");
    private static final String OBJECTS = """
            array:
              - |
                objectName: signer
                objectType: key
                objectAlias: keys/signer.pem
                filePermission: "0444"
            """;

    private final Cluster cluster = Cluster.shared();
    private final String ns = cluster.newNamespace("keymount");
    private final String vault = ns;
    private Rest rest;

    @BeforeEach
    void makeVault() {
        cluster.vault(ns, vault, "{}");
        cluster.serviceAccount(ns, "api");
        cluster.serviceAccount(ns, "officer");
        assign("officer", "Crypto Officer", "{}");
        rest = new Rest(cluster, ns, vault, "officer");
    }

    @AfterEach
    void clean() throws IOException {
        rest.close();
        cluster.client().namespaces().withName(ns).delete();
    }

    private void assign(String account, String role, String scope) {
        cluster.apply(ns, """
                apiVersion: kluis.dev/v1alpha1
                kind: AccessAssignment
                metadata: {name: %1$s}
                spec:
                  vaultRef: {name: %2$s}
                  role: %3$s
                  subjects: [{kind: ServiceAccount, name: %1$s}]
                """.formatted(account, vault, role) + (scope.equals("{}") ? "" : "  scope: " + scope + "\n"));
        cluster.awaitReady("AccessAssignment", ns, account);
    }

    private BigInteger modulusOf(String bundle) {
        var found = MODULUS.matcher(bundle);
        assertThat(found.find()).as(bundle).isTrue();
        return new BigInteger(1, Base64.getUrlDecoder().decode(found.group(1)));
    }

    private static BigInteger modulusIn(String pem) throws GeneralSecurityException {
        assertThat(pem).startsWith(BEGIN).endsWith(END);
        byte[] der = Base64.getMimeDecoder().decode(pem.substring(BEGIN.length(), pem.length() - END.length()));
        return ((RSAPublicKey) KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(der))).getModulus();
    }

    @Test
    void the_file_is_the_public_part_of_the_key_and_a_rotation_reaches_the_running_pod() throws Exception {
        var made = modulusOf(rest.post("/keys/signer/create", "{\"kty\":\"RSA\",\"key_size\":2048}"));
        assign("api", "Reader", "{keys: [signer]}");
        cluster.providerClassOf(ns, "files", vault, OBJECTS);
        cluster.pod(ns, "api", "api", "files");
        cluster.awaitRunning(ns, "api");
        String first = cluster.file(ns, "api", "keys/signer.pem");
        assertThat(modulusIn(first)).isEqualTo(made);
        assertThat(cluster.exec(ns, "api", "stat", "-L", "-c", "%a", "/secrets/keys/signer.pem"))
                .isEqualTo("444\n");

        var rotated = modulusOf(rest.post("/keys/signer/rotate", ""));

        assertThat(rotated).isNotEqualTo(made);
        await().atMost(Cluster.LIMIT)
                .until(() -> !cluster.file(ns, "api", "keys/signer.pem").equals(first));
        assertThat(modulusIn(cluster.file(ns, "api", "keys/signer.pem"))).isEqualTo(rotated);
    }

    @Test
    void a_pod_without_an_assignment_is_told_which_key_and_which_role_and_one_with_a_symmetric_key_why_not()
            throws Exception {
        rest.post("/keys/signer/create", "{\"kty\":\"oct\",\"key_size\":256}");
        cluster.providerClassOf(ns, "files", vault, OBJECTS);
        cluster.pod(ns, "api", "api", "files");
        cluster.awaitEvent(
                ns,
                "api",
                "system:serviceaccount:" + ns + ":api",
                ns + "/" + vault + "/keys/signer",
                "AccessAssignment",
                "'Reader'");

        assign("api", "Reader", "{keys: [signer]}");

        cluster.awaitEvent(ns, "api", ns + "/" + vault + "/keys/signer is a symmetric key (oct)");
    }
}
