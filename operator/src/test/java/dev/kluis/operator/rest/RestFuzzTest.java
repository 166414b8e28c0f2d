package dev.kluis.operator.rest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kluis.crypto.key.JwkMembers;
import dev.kluis.fuzz.Fuzz;
import java.io.InputStream;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a request is made of, of whoever reaches the port. */
@Tag("fuzz")
class RestFuzzTest {

    /** Refusals are the caller's fault, never ours. */
    private static void badOnly(Fuzz.Decoder decoder, byte[] input) throws Exception {
        try {
            decoder.decode(input);
        } catch (RestException e) {
            assertThat(e.status()).isEqualTo(400);
            throw e;
        }
    }

    @Test
    void a_target_is_read_or_refused() {
        Fuzz.of("rest-target")
                .good("secret", "/secrets/db-password/00112233445566778899aabbccddeeff?api-version=7.4&x=a+b%20%C3%A9")
                .good("list", "/secrets?maxresults=25&$skiptoken=ZGI")
                .words(
                        "%2F",
                        "%2e%2e", "%00", "%25", "%C0%AF", "..", "//", "?", "&", "=", ";", "\\", "#", "%\u0662\u0661")
                .refusing(RestException.class)
                .run(input -> badOnly(
                        bytes -> {
                            String text = new String(bytes, UTF_8);
                            assertThat(Target.parse(text).segments())
                                    .allMatch(segment -> segment.matches("[0-9A-Za-z._-]*"))
                                    .doesNotContain(".", "..");
                            assertThat(text).isASCII();
                        },
                        input));
    }

    @Test
    void a_body_is_read_or_refused() {
        Fuzz.of("rest-body")
                .good(
                        "secret",
                        "{\"value\":\"v\\u00e9\\ud83d\\udd11\",\"contentType\":\"text/plain\",\"tags\":{\"a\":\"b\"},"
                                + "\"attributes\":{\"exp\":1900000000,\"nbf\":1,\"enabled\":true}}")
                .words(
                        "{",
                        "}",
                        "[",
                        "]",
                        ",",
                        ":",
                        "\"",
                        "\\ud83d",
                        "\\u0000",
                        "null",
                        "true",
                        "1e99999999",
                        "-0",
                        "1.5")
                .words("\"value\":", "\"tags\":{", "\"attributes\":{", "9223372036854775808", "[[[[[[[[[[[[[[[[[[")
                .refusing(RestException.class)
                .run(input -> badOnly(JsonTest::read, input));
    }

    @Test
    void a_form_is_read_or_refused() {
        Fuzz.of("rest-form")
                .good(
                        "assertion",
                        "client_id=ci&grant_type=client_credentials&scope=https%3A%2F%2Fvault.svc.cluster.local%2F.default"
                                + "&client_assertion_type=urn%3Aietf%3Aparams&client_assertion=eyJ.eyJ.c2ln")
                .words("&", "=", "%", "%zz", "%00", "+", "%C0%AF", "&&", "grant_type=", "%26", "%3D")
                .refusing(RestException.class)
                .run(input ->
                        badOnly(bytes -> assertThat(Form.parse(bytes).size()).isLessThanOrEqualTo(32), input));
    }

    @Test
    void a_body_about_a_key_is_read_or_refused() {
        Fuzz.of("rest-key-body")
                .good(
                        "create",
                        "{\"kty\":\"RSA\",\"key_size\":2048,\"public_exponent\":65537,\"key_ops\":[\"sign\"],"
                                + "\"attributes\":{\"exportable\":true,\"exp\":1900000000},\"tags\":{\"a\":\"b\"},"
                                + "\"release_policy\":{\"contentType\":\"a\",\"data\":\"e30\",\"immutable\":true}}")
                .good(
                        "import",
                        "{\"Hsm\":false,\"key\":{\"kty\":\"EC\",\"crv\":\"P-256\",\"key_ops\":[],\"d\":\"AQ\",\"x\":\"Ag\"}}")
                .words(
                        "\"key\":{",
                        "\"kty\":",
                        "\"alg\":",
                        "\"d\":\"",
                        "\"key_hsm\":",
                        "null",
                        "true",
                        "2147483648",
                        "AQ=",
                        "_-")
                .refusing(RestException.class)
                .run(input -> badOnly(
                        bytes -> {
                            try (var body = KeyBody.of(request(bytes))) {
                                body.decided();
                                body.wanted();
                                body.bringing().ifPresent(JwkMembers::close);
                            }
                        },
                        input));
    }

    @Test
    void a_rotation_policy_is_read_or_refused() {
        Fuzz.of("rest-rotation-policy")
                .good(
                        "policy",
                        "{\"lifetimeActions\":[{\"trigger\":{\"timeAfterCreate\":\"P18M\"},\"action\":{\"type\":\"Rotate\"}}],"
                                + "\"attributes\":{\"expiryTime\":\"P2Y\"}}")
                .words("\"trigger\":{", "\"timeBeforeExpiry\":", "\"action\":", "null", "[", "{", "P1D")
                .refusing(RestException.class)
                .run(input -> badOnly(bytes -> KeyBody.Policy.of(request(bytes)), input));
    }

    /** By the decoder as by a parser that makes texts of it. */
    @Test
    void a_blob_is_found_and_decoded_in_its_body_or_refused() {
        Fuzz.of("rest-blob")
                .good("blob", "{\"other\":[\"\\\"\",\"\u00e9\"], \"value\" : \"AQID_-_\\u002dBA==\"}")
                .words("\"value\":\"", "\\u0041", "\\u003d", "\\u0020", "\\u0161", "\\n", "\\/", "\\\\", " ")
                .words("=", "AQ", "\"", "{", "}", "[", "]", ",", ":", "null", "\u00e9", "\ud83d\udd11")
                .refusing(RestException.class)
                .run(input -> badOnly(
                        bytes -> {
                            byte[] blob = BackupRoutes.blob(bytes.clone());
                            var text = new AtomicReference<>("");
                            Json.read(bytes, (name, parser) -> {
                                if (name.equals("value")) {
                                    text.set(parser.getText());
                                }
                            });
                            assertThat(blob).isEqualTo(Base64.getUrlDecoder().decode(text.get()));
                        },
                        input));
    }

    private static Request request(byte[] body) {
        return new Request(
                Map.of(),
                Map.of(),
                body,
                InputStream.nullInputStream(),
                "https://vault.test",
                Optional.empty(),
                true,
                Optional.empty(),
                Optional.empty(),
                new Request.Source("", "", "", ""));
    }

    /** What is read has one written form. */
    @Test
    void base64url_is_read_in_one_form_or_refused() {
        Fuzz.of("rest-base64url")
                .good("one", "AQ")
                .good("three", "_-_-")
                .words("=", "+", "/", " ", "\n", "AB", "\u0130")
                .refusing(RestException.class)
                .run(input -> badOnly(
                        bytes -> assertThat(Base64.getUrlEncoder()
                                        .withoutPadding()
                                        .encode(Base64Url.decode(bytes, "value")))
                                .isEqualTo(bytes),
                        input));
    }

    @Test
    void a_host_is_read_or_refused() {
        Fuzz.of("rest-host")
                .good("vault", "payments.vault.svc.cluster.local:8443")
                .good("address", "[2001:db8::1]:443")
                .words(".vault.", ".", "-", ":", "[", "]", "65536", "@", "/", "xn--", "\u212a")
                .refusing(RestException.class)
                .run(input -> badOnly(
                        bytes -> {
                            var authority = Authority.parse(new String(bytes, ISO_8859_1));
                            assertThat(authority.text()).matches("[a-z0-9.:\\[\\]-]+");
                            var challenge = new Challenge(authority, "adfs");
                            for (String header : List.of(challenge.missing(), challenge.stale(Instant.EPOCH))) {
                                assertThat(header).matches("Bearer [a-z]+=\"[^\"=\\s]+\"(, [a-z]+=\"[^\"=\\s]+\")*");
                            }
                        },
                        input));
    }
}
