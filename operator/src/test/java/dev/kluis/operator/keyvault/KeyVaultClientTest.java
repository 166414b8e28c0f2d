package dev.kluis.operator.keyvault;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kluis.crypto.SecretAccess;
import dev.kluis.crypto.SecretBytes;
import dev.kluis.operator.keyvault.KeyVaultSettings.ClientSecret;
import dev.kluis.operator.keyvault.KeyVaultSettings.FederatedToken;
import dev.kluis.operator.keyvault.KeyVaultSettings.Identity;
import dev.kluis.operator.keyvault.KeyVaultSettings.Proof;
import dev.kluis.vault.seal.RemoteKey.Wrapped;
import dev.kluis.vault.seal.RemoteKeyException;
import dev.kluis.vault.seal.RemoteKeyId;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the client of a Key Vault sends, to whom, and what it says when that fails. */
class KeyVaultClientTest {

    private static final String ASSERTION = "canary.service-account.token";
    private static final SecretBytes KEY = SecretBytes.copyOf("canary-key".getBytes(UTF_8));
    /** Of {@link #KEY}. */
    private static final String KEY_TEXT = "Y2FuYXJ5LWtleQ";

    @TempDir
    private Path folder;

    private FakeKeyVault vault;
    private Path assertion;

    @BeforeEach
    void start() throws Exception {
        vault = new FakeKeyVault(folder);
        assertion = Files.writeString(folder.resolve("token"), ASSERTION + "\n");
    }

    @AfterEach
    void stop() {
        vault.close();
    }

    private KeyVaultClient client(String key, String tenant, Proof proof, Optional<Path> authority, Duration timeout) {
        return new KeyVaultClient(new KeyVaultSettings(
                RemoteKeyId.parse(key),
                "RSA-OAEP-256",
                new Identity(URI.create(vault.login()), tenant, "kluis", proof),
                authority,
                timeout));
    }

    private KeyVaultClient client(String key) {
        return client(
                key, "adfs", new FederatedToken(assertion), Optional.of(vault.authority()), Duration.ofSeconds(10));
    }

    private AbstractThrowableAssert<?, ? extends Throwable> refused(KeyVaultClient client) {
        return assertThatThrownBy(() -> client.wrap(KEY))
                .isInstanceOf(RemoteKeyException.class)
                .hasMessageNotContainingAny("canary", KEY_TEXT, "cluster.local", "https://kv", "http://");
    }

    private AbstractThrowableAssert<?, ? extends Throwable> refused() {
        return refused(client(vault.key()));
    }

    @Test
    void a_key_is_wrapped_after_a_challenge_that_got_nothing_and_a_token_for_the_vaults_domain() throws Exception {
        var wrapped = client(vault.key()).wrap(KEY);

        assertThat(wrapped.by()).hasToString(vault.key() + "/" + FakeKeyVault.VERSION);
        assertThat(wrapped.algorithm()).isEqualTo("RSA-OAEP-256");
        assertThat(wrapped.bytes()).asString(UTF_8).isEqualTo("wrapped");
        assertThat(vault.requests).hasSize(3);
        var first = vault.requests.get(0);
        assertThat(first.path()).isEqualTo("/keys/root//wrapkey?api-version=7.4");
        assertThat(first.authorization() + first.body()).isEmpty();
        var second = vault.requests.get(1);
        assertThat(second.path()).isEqualTo("/adfs/oauth2/token");
        assertThat(second.body())
                .contains("grant_type=client_credentials", "client_id=kluis", "&client_assertion=" + ASSERTION)
                .contains("scope=https%3A%2F%2Fvault.svc.cluster.local%3A" + vault.port() + "%2F.default")
                .contains("client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer");
        var third = vault.requests.get(2);
        assertThat(third.authorization()).isEqualTo("Bearer " + FakeKeyVault.TOKEN);
        assertThat(third.body()).isEqualTo("{\"alg\":\"RSA-OAEP-256\",\"value\":\"" + KEY_TEXT + "\"}");
    }

    @Test
    void what_an_older_version_wrapped_is_unwrapped_by_it_and_at_the_configured_vault() throws Exception {
        String old = "ffffffffffffffffffffffffffffffff";
        vault.answer = "{\"kid\":\"" + vault.key() + "/" + old + "\",\"value\":\"" + KEY_TEXT + "\"}";
        var wrapped = new Wrapped(
                RemoteKeyId.parse("https://elsewhere.example.com/keys/root/" + old),
                "A256KW",
                "wrapped".getBytes(UTF_8));

        try (var key = client(vault.key()).unwrap(wrapped)) {
            assertThat(key.reveal(SecretAccess.GRANTED)).isEqualTo(KEY.reveal(SecretAccess.GRANTED));
        }
        assertThat(vault.requests.getLast().path()).isEqualTo("/keys/root/" + old + "/unwrapkey?api-version=7.4");
        assertThat(vault.requests.getLast().body()).isEqualTo("{\"alg\":\"A256KW\",\"value\":\"d3JhcHBlZA\"}");
    }

    @Test
    void another_tenant_is_asked_at_the_protocols_second_version_and_a_secret_comes_from_its_file() throws Exception {
        var secret = Files.writeString(folder.resolve("secret"), "canary&secret=\n");
        client(
                        vault.key(),
                        "8f1e6d1c-0000-4000-8000-1234567890ab",
                        new ClientSecret(secret),
                        Optional.of(vault.authority()),
                        Duration.ofSeconds(10))
                .wrap(KEY);
        var asked = vault.tokenRequests().getFirst();
        assertThat(asked.path()).isEqualTo("/8f1e6d1c-0000-4000-8000-1234567890ab/oauth2/v2.0/token");
        assertThat(asked.body()).contains("client_secret=canary%26secret%3D").doesNotContain("assertion");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer authorization=\"https://login.x/adfs\", resource=\"https://evil.example.com\"",
                "Bearer authorization=\"https://login.x/adfs\", resource=\"https://svc.cluster.local.evil.com\"",
                "Bearer authorization=\"https://login.x/adfs\", resource=\"https://ault.svc.cluster.local\"",
                "Bearer authorization=\"https://login.x/adfs\", resource=\"https://kv.vault.svc.cluster.local\"",
                "Bearer authorization=\"https://login.x/adfs\", resource=\"https://local\"",
                "Bearer authorization=\"https://login.x/adfs\", resource=\"https://vault.svc.cluster.local:1\"",
                "Bearer authorization=\"https://login.x/adfs\", resource=\"https://a@vault.svc.cluster.local\"",
                "Bearer authorization=\"https://login.x/adfs\", resource=\"https://vault.svc.cluster.local/a\"",
                "Bearer authorization=\"https://login.x/adfs\", resource=\"http://vault.svc.cluster.local\"",
                "Bearer authorization=\"https://login.x/adfs\", scope=\"https://vault.azure.net/.default\"",
                "Bearer authorization=\"https://login.x/adfs\", resource=\"\"",
                "Bearer authorization=\"https://login.x/adfs\"",
                "Bearer realm=\"kluis\"",
                "Basic realm=\"x\", resource=\"https://vault.svc.cluster.local\"",
                ""
            })
    void attack_a_vault_that_asks_for_a_token_of_another_domain_gets_none_and_nothing_else(String challenge) {
        vault.challenge = challenge;
        refused().hasMessageContaining("check the host of seal.keyvault.key");
        assertThat(vault.tokenRequests()).isEmpty();
        assertThat(vault.withToken()).isEmpty();
        assertThat(vault.requests).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "resource=\"https://vault.svc.cluster.local\"",
                "resource=\"https://svc.cluster.local\"",
                "resource=\"https://VAULT.svc.cluster.local/\"",
                "scope=\"https://vault.svc.cluster.local/.default\", authorization_uri=\"https://evil.example.com/t\""
            })
    void attack_a_token_is_asked_for_at_the_configured_endpoint_whatever_the_vault_names(String challenge)
            throws Exception {
        vault.challenge = "Bearer authorization=\"https://evil.example.com/tenant\", " + challenge;
        client(vault.key()).wrap(KEY);
        assertThat(vault.tokenRequests()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "403, Forbidden, ForbiddenByRbac, Crypto Service Encryption User",
        "403, Forbidden, ForbiddenByPolicy, Crypto Service Encryption User",
        "403, Forbidden, KeyDisabled, is disabled: enable it",
        "403, Forbidden, KeyExpired, nbf or exp",
        "403, Forbidden, KeyOperationForbidden, key_ops",
        "403, Forbidden, ForbiddenByFirewall, firewall",
        "404, KeyNotFound, '', recover or restore it",
        "400, BadParameter, '', seal.keyvault.algorithm",
        "401, Unauthorized, '', does not take the token",
        "429, Throttled, '', tries again by itself",
        "503, ServiceUnavailable, Sealed, 503 Sealed",
        "500, 'canary\"code', '', 500",
        "302, '', '', answers 302"
    })
    void each_refusal_says_what_to_do_and_repeats_nothing_but_its_code(
            int status, String code, String inner, String told) {
        vault.status = status;
        vault.answer = "{\"error\":{\"code\":\"" + code.replace("\"", "\\\"")
                + "\",\"message\":\"canary message\",\"innererror\":"
                + (inner.isEmpty() ? "null" : "{\"code\":\"" + inner + "\"}") + "}}";
        refused().hasMessageContaining(told);
        assertThat(vault.requests).as("nothing is followed or tried again").hasSize(3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "401|{\"error\":\"invalid_client\",\"error_description\":\"canary\"}|invalid_client)",
                "400|{\"error\":\"invalid_client\",\"error_codes\":[700213,1]}|invalid_client, AADSTS700213",
                "400|{\"error\":\"Canary Error\"}|answers 400 and no token",
                "503|{\"error\":\"temporarily_unavailable\"}|busy or down (503)",
                "200|{\"access_token\":\"canary token with spaces\"}|answers 200 and no token",
                "200|canary|answers 200 and no token",
                "307||answers 307"
            })
    void a_token_endpoint_that_gives_none_is_told_apart(int status, String answer, String told) {
        vault.tokenStatus = status;
        vault.tokenAnswer = answer == null ? "" : answer;
        refused().hasMessageContaining("token endpoint").hasMessageContaining(told);
        assertThat(vault.withToken()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"kid\":\"https://other.vault.svc.cluster.local/keys/root/0123\",\"value\":\"d3JhcHBlZA\"}",
                "{\"kid\":\"KEY/\",\"value\":\"d3JhcHBlZA\"}",
                "{\"kid\":\"KEY\",\"value\":\"d3JhcHBlZA\"}",
                "{\"kid\":\"KEYS/0123\",\"value\":\"d3JhcHBlZA\"}",
                "{\"kid\":\"KEY/0123\",\"value\":\"d3JhcHBlZA==\"}",
                "{\"kid\":\"KEY/0123\",\"value\":7}",
                "{\"kid\":\"KEY/0123\"}",
                "{\"value\":\"d3JhcHBlZA\"}",
                "[]",
                ""
            })
    void an_answer_that_is_none_of_the_keys_is_refused(String answer) {
        vault.answer = answer.replace("KEY", vault.key());
        refused().hasMessageMatching("the vault of seal.keyvault.key (answers what no|wrapped by another).*");
    }

    @Test
    void a_key_of_a_named_version_takes_what_that_one_wrapped_only() throws Exception {
        assertThat(client(vault.key() + "/" + FakeKeyVault.VERSION)
                        .wrap(KEY)
                        .by()
                        .version())
                .contains(FakeKeyVault.VERSION);
        refused(client(vault.key() + "/ffffffffffffffffffffffffffffffff")).hasMessageContaining("by another key");
    }

    @Test
    void an_answer_without_end_is_not_read_to_its_end() {
        vault.answer = "{\"kid\":\"" + "x".repeat(1 << 20) + "\"}";
        refused().hasMessageContaining("the connection broke");
    }

    @Test
    void who_does_not_answer_is_not_waited_for() {
        vault.silent = true;
        refused(client(
                        vault.key(),
                        "adfs",
                        new FederatedToken(assertion),
                        Optional.of(vault.authority()),
                        Duration.ofMillis(300)))
                .hasMessageContaining("does not answer in time");
    }

    @Test
    void who_is_not_there_or_not_trusted_is_told_apart() throws Exception {
        refused(client(vault.key(), "adfs", new FederatedToken(assertion), Optional.empty(), Duration.ofSeconds(10)))
                .hasMessageContaining("certificate");
        refused(client(vault.key().replace("kv.", "another."))).hasMessageContaining("certificate");
        var empty = Files.writeString(folder.resolve("empty.crt"), "no certificate");
        refused(client(vault.key(), "adfs", new FederatedToken(assertion), Optional.of(empty), Duration.ofSeconds(10)))
                .hasMessageContaining("no certificate in PEM");
        vault.close();
        refused().hasMessageContaining("nothing accepts the connection");
    }

    @Test
    void without_what_proves_the_identity_nobody_is_asked_for_a_token() throws Exception {
        Files.delete(assertion);
        refused().hasMessageContaining("ServiceAccount's token cannot be read");
        Files.writeString(assertion, " \n");
        refused().hasMessageContaining("is empty");
        Files.writeString(assertion, "x".repeat(20_000));
        refused().hasMessageContaining("longer than 16384");
        assertThat(vault.tokenRequests()).isEmpty();
    }

    @Test
    void a_firewall_that_refuses_before_any_token_is_told() {
        vault.unasked = 403;
        refused();
        assertThat(vault.tokenRequests()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "http://login.example.com, adfs, id",
        "https://login.example.com/path, adfs, id",
        "https://user@login.example.com, adfs, id",
        "https://login.example.com, a/b, id",
        "https://login.example.com, .., id",
        "https://login.example.com, adfs, ''"
    })
    void an_identity_that_is_none_is_refused(String authority, String tenant, String client) {
        assertThatThrownBy(() -> new Identity(URI.create(authority), tenant, client, new FederatedToken(assertion)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
