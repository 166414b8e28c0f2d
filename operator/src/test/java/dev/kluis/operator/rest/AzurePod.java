package dev.kluis.operator.rest;

import com.azure.core.credential.TokenCredential;
import com.azure.core.http.HttpClient;
import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.core.util.Configuration;
import com.azure.core.util.ConfigurationBuilder;
import com.azure.core.util.ConfigurationSource;
import com.azure.identity.DefaultAzureCredentialBuilder;
import dev.kluis.operator.TestOperator;
import dev.kluis.testkit.Trust;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** What a pod's environment tells Azure's clients: where the authority and the token are. The folder is for the token. */
record AzurePod(TestOperator operator, String namespace, String vault, Path folder) {

    private int port() {
        return operator.kluis().api().orElseThrow().port();
    }

    String url() {
        return "https://" + vault + ".vault.svc.cluster.local:" + port();
    }

    String authorityHost() {
        return "https://login.vault.svc.cluster.local:" + port() + "/";
    }

    HttpClient http() {
        return new JdkHttpClientBuilder(
                        java.net.http.HttpClient.newBuilder().sslContext(Trust.in(Api.authority(operator))))
                .build();
    }

    /** @param audience of the token that is exchanged */
    TokenCredential credential(String account, String audience, HttpClient http) {
        try {
            var file = Files.writeString(
                    folder.resolve("token-" + account), Api.token(operator, namespace, account, audience));
            var environment = environment(Map.of(
                    "AZURE_AUTHORITY_HOST",
                    authorityHost(),
                    "AZURE_TENANT_ID",
                    "adfs",
                    "AZURE_CLIENT_ID",
                    "any",
                    "AZURE_FEDERATED_TOKEN_FILE",
                    file.toString()));
            return new DefaultAzureCredentialBuilder()
                    .configuration(environment)
                    .httpClient(http)
                    .build();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Configuration environment(Map<String, String> variables) {
        ConfigurationSource nothing = name -> Map.of();
        return new ConfigurationBuilder(nothing, nothing, name -> variables).build();
    }
}
