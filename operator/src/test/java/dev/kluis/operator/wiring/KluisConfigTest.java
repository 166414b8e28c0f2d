package dev.kluis.operator.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kluis.operator.SealSettings.Kind;
import dev.kluis.operator.keyvault.KeyVaultSettings;
import dev.kluis.operator.keyvault.KeyVaultSettings.ClientSecret;
import dev.kluis.operator.keyvault.KeyVaultSettings.FederatedToken;
import dev.kluis.operator.keyvault.KeyVaultSettings.Identity;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KluisConfigTest {

    static KluisConfig config(Map<String, String> properties) {
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withMapping(KluisConfig.class)
                .withSources(new PropertiesConfigSource(properties, "test", 100))
                .build()
                .getConfigMapping(KluisConfig.class);
    }

    @Test
    void the_kind_of_seal_is_written_as_in_the_chart() {
        assertThat(config(Map.of()).seal().kind()).isEqualTo(Kind.KUBERNETES);
        assertThat(config(Map.of("kluis.seal.kind", "shamir")).seal().kind()).isEqualTo(Kind.SHAMIR);
        assertThat(config(Map.of("kluis.seal.kind", "kubernetes")).seal().kind())
                .isEqualTo(Kind.KUBERNETES);
        assertThatThrownBy(() -> config(Map.of("kluis.seal.kind", "none"))).isInstanceOf(RuntimeException.class);
    }

    private static final String KEY = "https://prod.vault.azure.net/keys/kluis";

    private static KeyVaultSettings keyVault(String... namesAndValues) {
        var properties = new HashMap<>(Map.of("kluis.seal.kind", "keyvault", "kluis.seal.keyvault.key", KEY));
        for (int i = 0; i < namesAndValues.length; i += 2) {
            properties.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return SealConfig.of(config(properties).seal()).keyVault().orElseThrow();
    }

    @Test
    void a_seal_by_a_key_vault_takes_its_identity_from_the_variables_of_workload_identity() {
        var settings = keyVault(
                "AZURE_AUTHORITY_HOST", "https://login.microsoftonline.us/",
                "AZURE_TENANT_ID", "8f1e6d1c-0000-4000-8000-1234567890ab",
                "AZURE_CLIENT_ID", "0d1e6d1c-0000-4000-8000-1234567890ab",
                "AZURE_FEDERATED_TOKEN_FILE", "/var/run/secrets/azure/tokens/azure-identity-token");
        assertThat(settings.key()).hasToString(KEY);
        assertThat(settings.algorithm()).isEqualTo("RSA-OAEP-256");
        assertThat(settings.caFile()).isEmpty();
        assertThat(settings.identity())
                .isEqualTo(new Identity(
                        URI.create("https://login.microsoftonline.us/"),
                        "8f1e6d1c-0000-4000-8000-1234567890ab",
                        "0d1e6d1c-0000-4000-8000-1234567890ab",
                        new FederatedToken(Path.of("/var/run/secrets/azure/tokens/azure-identity-token"))));
    }

    @Test
    void what_is_set_for_the_seal_goes_before_the_variables_of_workload_identity() {
        var settings = keyVault(
                "AZURE_TENANT_ID", "another",
                "AZURE_FEDERATED_TOKEN_FILE", "/another",
                "kluis.seal.keyvault.tenant", "adfs",
                "kluis.seal.keyvault.client-id", "kluis",
                "kluis.seal.keyvault.authority-host", "https://login.vault.example.com",
                "kluis.seal.keyvault.client-secret-file", "/etc/kluis/seal-secret/secret",
                "kluis.seal.keyvault.ca-file", "/etc/kluis/seal-ca/ca.crt",
                "kluis.seal.keyvault.algorithm", "A256KW");
        assertThat(settings.identity())
                .isEqualTo(new Identity(
                        URI.create("https://login.vault.example.com"),
                        "adfs",
                        "kluis",
                        new ClientSecret(Path.of("/etc/kluis/seal-secret/secret"))));
        assertThat(settings.caFile()).contains(Path.of("/etc/kluis/seal-ca/ca.crt"));
    }

    @Test
    void a_seal_by_a_key_vault_is_refused_at_the_start_where_something_is_missing_or_not_legal() {
        assertThatThrownBy(KluisConfigTest::keyVault).hasMessageContaining("KLUIS_SEAL_KEYVAULT_TENANT");
        assertThatThrownBy(() -> keyVault("kluis.seal.keyvault.tenant", "adfs", "AZURE_CLIENT_ID", "x"))
                .hasMessageContaining("KLUIS_SEAL_KEYVAULT_TOKEN_FILE");
        assertThatThrownBy(() -> keyVault("kluis.seal.keyvault.key", "https://prod.vault.azure.net/secrets/kluis"))
                .hasMessageContaining("a key's id is");
        assertThatThrownBy(() -> keyVault(
                        "kluis.seal.keyvault.algorithm", "RSA1_5",
                        "kluis.seal.keyvault.tenant", "adfs",
                        "AZURE_CLIENT_ID", "x",
                        "AZURE_FEDERATED_TOKEN_FILE", "/token"))
                .hasMessageContaining("RSA-OAEP-256");
    }
}
