package dev.kluis.operator.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.core.exception.HttpResponseException;
import com.azure.core.exception.ResourceNotFoundException;
import com.azure.core.http.HttpClient;
import com.azure.core.util.polling.LongRunningOperationStatus;
import com.azure.identity.ClientSecretCredentialBuilder;
import com.azure.security.keyvault.secrets.SecretClient;
import com.azure.security.keyvault.secrets.SecretClientBuilder;
import com.azure.security.keyvault.secrets.SecretServiceVersion;
import com.azure.security.keyvault.secrets.models.KeyVaultSecret;
import com.azure.security.keyvault.secrets.models.SecretProperties;
import dev.kluis.operator.TestOperator;
import dev.kluis.testkit.ApiServer;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/**
 * Azure's own clients as programs use them: told by environment variables where the authority and the token are, with their
 * verification of the challenge as it is.
 */
class AzureClientIT {

    private final TestOperator operator = TestOperator.shared();
    private final String ns = ApiServer.shared().newNamespace("azure");
    private final String vault = "a" + ns.substring(ns.length() - 8);

    @TempDir
    private Path folder;

    private AzurePod pod;
    private HttpClient http;

    @BeforeEach
    void grant() {
        pod = new AzurePod(operator, ns, vault, folder);
        http = pod.http();
        operator.awaitReady(operator.vault(ns, vault));
        operator.grant(ns, vault, "app", "Administrator");
    }

    private SecretClientBuilder builder(SecretServiceVersion version) {
        return new SecretClientBuilder().vaultUrl(pod.url()).httpClient(http).serviceVersion(version);
    }

    /** As in a pod, whose environment says where the token is. */
    private SecretClient client(SecretServiceVersion version, String audience) {
        return builder(version)
                .credential(pod.credential("app", audience, http))
                .buildClient();
    }

    @ParameterizedTest
    @EnumSource(
            value = SecretServiceVersion.class,
            mode = Mode.INCLUDE,
            names = {"V7_3", "V7_4", "V7_5", "V7_6", "V2025_07_01"})
    void all_that_is_done_with_secrets_is_done_at_every_version(SecretServiceVersion version) {
        var client = client(version, "kluis");
        var expires = OffsetDateTime.of(2030, 1, 2, 3, 4, 5, 0, ZoneOffset.UTC);
        var first = client.setSecret(new KeyVaultSecret("db", "one")
                .setProperties(new SecretProperties()
                        .setContentType("text/plain")
                        .setExpiresOn(expires)
                        .setTags(Map.of("owner", "team"))));
        var second = client.setSecret("db", "two");
        assertThat(client.getSecret("db").getValue()).isEqualTo("two");
        var old = client.getSecret("db", first.getProperties().getVersion());
        assertThat(old.getValue()).isEqualTo("one");
        assertThat(old.getProperties().getExpiresOn()).isEqualTo(expires);
        assertThat(old.getProperties().getTags()).containsEntry("owner", "team");

        client.updateSecretProperties(second.getProperties().setEnabled(false));
        assertThatThrownBy(() -> client.getSecret("db"))
                .isInstanceOf(HttpResponseException.class)
                .hasMessageContaining("SecretDisabled");
        assertThat(client.listPropertiesOfSecretVersions("db")).hasSize(2);
        assertThat(client.listPropertiesOfSecrets().stream().map(SecretProperties::getName))
                .contains("db");

        var deletion = client.beginDeleteSecret("db");
        assertThat(deletion.waitForCompletion().getStatus())
                .isEqualTo(LongRunningOperationStatus.SUCCESSFULLY_COMPLETED);
        assertThat(client.getDeletedSecret("db").getRecoveryId()).contains("/deletedsecrets/db");
        assertThatThrownBy(() -> client.setSecret("db", "three")).hasMessageContaining("ObjectIsDeletedButRecoverable");
        client.beginRecoverDeletedSecret("db").waitForCompletion();
        assertThat(client.getSecret("db", first.getProperties().getVersion()).getValue())
                .isEqualTo("one");
        client.beginDeleteSecret("db").waitForCompletion();
        client.purgeDeletedSecret("db");
        assertThatThrownBy(() -> client.getDeletedSecret("db")).isInstanceOf(ResourceNotFoundException.class);
    }

    @Test
    void a_list_has_pages_that_lead_on_to_the_same_host() {
        var client = client(SecretServiceVersion.getLatest(), "kluis");
        for (int i = 0; i < 30; i++) {
            client.setSecret("page-" + i, "value");
        }
        assertThat(client.listPropertiesOfSecrets()).hasSize(30);
    }

    @Test
    void a_pod_that_is_set_up_for_azures_workload_identity_needs_no_other_token() {
        var client = client(SecretServiceVersion.getLatest(), "api://AzureADTokenExchange");
        assertThat(client.setSecret("s", "v").getValue()).isEqualTo("v");
    }

    @Test
    void the_asynchronous_client_goes_the_same_way() {
        client(SecretServiceVersion.getLatest(), "kluis").setSecret("s", "v");
        var credential = new ClientSecretCredentialBuilder()
                .authorityHost(pod.authorityHost())
                .tenantId("adfs")
                .clientId("nobody")
                .clientSecret("not-the-secret-of-this-client")
                .httpClient(http)
                .build();
        var stranger =
                builder(SecretServiceVersion.getLatest()).credential(credential).buildAsyncClient();
        assertThatThrownBy(() -> stranger.getSecret("s").block())
                .as("who proves nothing is told so by the endpoint")
                .hasMessageContaining("this is not its secret");
    }
}
