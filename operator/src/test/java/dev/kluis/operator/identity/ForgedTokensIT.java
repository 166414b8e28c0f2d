package dev.kluis.operator.identity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.kluis.operator.TestOperator;
import dev.kluis.operator.rest.Api;
import dev.kluis.testkit.ApiServer;
import java.text.ParseException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tokens that say the cluster issued them, at an operator whose API server counts what it reviews. */
class ForgedTokensIT {

    private static final int RSA_BITS = 2048;
    /** Of the API server's metrics (Prometheus text). */
    private static final Pattern REVIEWS =
            Pattern.compile("(?m)^apiserver_request_total\\{[^}]*resource=\"tokenreviews\"[^}]*} (?<count>[0-9.e+]+)$");

    private final TestOperator operator = TestOperator.shared();
    private final String ns = ApiServer.shared().newNamespace("forged");
    private final String vault = "g" + ns.substring(ns.length() - 8);

    @BeforeEach
    void grant() {
        operator.awaitReady(operator.vault(ns, vault));
        operator.awaitReady(operator.secret(ns, "s", "vaultRef: {name: " + vault + "}\nsource: {generate: {}}"));
        operator.grant(ns, vault, "app", "Secrets User");
    }

    private int read(String token) {
        return Api.with(operator, token)
                .get("/vaults/" + ns + "/" + vault + "/secrets/s")
                .status();
    }

    private double reviews() {
        return REVIEWS.matcher(operator.client().raw("/metrics"))
                .results()
                .mapToDouble(result -> Double.parseDouble(result.group("count")))
                .sum();
    }

    private String genuine() {
        return Api.token(operator, ns, "app", "kluis");
    }

    private RSAKey published() throws ParseException {
        return JWKSet.parse(operator.client().raw("/openid/v1/jwks"))
                .getKeys()
                .getFirst()
                .toRSAKey();
    }

    private static String signed(JWSHeader header, JWTClaimsSet claims, JWSSigner signer) throws JOSEException {
        var token = new SignedJWT(header, claims);
        token.sign(signer);
        return token.serialize();
    }

    private static String encoded(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(UTF_8));
    }

    /** What a forger can make of a genuine token, and of the public keys. */
    private Map<String, String> forged() throws ParseException, JOSEException {
        String genuine = genuine();
        var claims = SignedJWT.parse(genuine).getJWTClaimsSet();
        var key = published();
        var own = new RSAKeyGenerator(RSA_BITS).keyID(key.getKeyID()).generate();
        var curve = new ECKeyGenerator(Curve.P_256).keyID(key.getKeyID()).generate();
        String[] parts = genuine.split("\\.", -1);
        String other = new JWTClaimsSet.Builder(claims)
                .subject("system:serviceaccount:kube-system:admin")
                .build()
                .toString();
        return Map.of(
                "by another key under the same id",
                signed(
                        new JWSHeader.Builder(JWSAlgorithm.RS256)
                                .keyID(key.getKeyID())
                                .build(),
                        claims,
                        new RSASSASigner(own)),
                "by another key under no id",
                signed(new JWSHeader(JWSAlgorithm.RS256), claims, new RSASSASigner(own)),
                "by a key that nobody published",
                signed(new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("none").build(), claims, new RSASSASigner(own)),
                "by another algorithm",
                signed(
                        new JWSHeader.Builder(JWSAlgorithm.ES256)
                                .keyID(key.getKeyID())
                                .build(),
                        claims,
                        new ECDSASigner(curve)),
                "by the public key as a shared secret",
                signed(
                        new JWSHeader.Builder(JWSAlgorithm.HS256)
                                .type(JOSEObjectType.JWT)
                                .keyID(key.getKeyID())
                                .build(),
                        claims,
                        new MACSigner(key.toRSAPublicKey().getEncoded())),
                "by nothing",
                encoded("{\"alg\":\"none\",\"kid\":\"" + key.getKeyID() + "\"}") + "." + parts[1] + ".",
                "with other claims",
                parts[0] + "." + encoded(other) + "." + parts[2],
                "with half a signature",
                genuine.substring(0, genuine.length() - parts[2].length() / 2),
                "with a header that is none",
                "e30." + parts[1] + "." + parts[2]);
    }

    @Test
    void attack_14_a_forged_token_proves_nothing_and_the_api_server_is_not_asked() throws Exception {
        assertThat(read(genuine())).isEqualTo(200);
        var forged = forged();
        double before = reviews();
        assertThat(before).isPositive();
        forged.forEach((how, token) -> assertThat(read(token)).as(how).isEqualTo(401));
        assertThat(reviews()).isEqualTo(before);
        assertThat(read(genuine())).as("another token, which is reviewed").isEqualTo(200);
        assertThat(reviews()).isGreaterThan(before);
    }

    @Test
    void attack_14_forged_tokens_are_no_assertions_and_refused_in_the_words_of_the_signature() throws Exception {
        var cluster = new TokenAuthenticator(operator.client(), operator.clock(), System::nanoTime);
        for (var token : forged().values()) {
            assertThat(catchThrowableOfType(AuthenticationException.class, () -> cluster.prove(token, List.of("kluis")))
                            .getMessage())
                    .contains("did not sign it");
        }
        assertThat(cluster.prove(genuine(), List.of("kluis")).caller().name()).endsWith(":" + ns + ":app");
    }
}
