package dev.kluis.e2e.program;

import static dev.kluis.e2e.program.Program.require;

import com.azure.core.credential.TokenCredential;
import com.azure.core.exception.ResourceNotFoundException;
import com.azure.security.keyvault.secrets.SecretClient;
import com.azure.security.keyvault.secrets.SecretClientBuilder;
import com.azure.security.keyvault.secrets.SecretServiceVersion;
import com.azure.security.keyvault.secrets.models.SecretProperties;

/** The life of a secret. */
final class Secrets {

    private static final String NAME = "from-a-pod";

    private final SecretClient client;

    Secrets(String vault, TokenCredential credential, SecretServiceVersion version) {
        this.client = new SecretClientBuilder()
                .vaultUrl(vault)
                .credential(credential)
                .serviceVersion(version)
                .buildClient();
    }

    void use() {
        var first = client.setSecret(NAME, "one");
        var second = client.setSecret(NAME, "two");
        require(client.getSecret(NAME).getValue().equals("two"), "the newest version is the one that is read");
        require(
                client.getSecret(NAME, first.getProperties().getVersion())
                        .getValue()
                        .equals("one"),
                "an older version is there");
        client.updateSecretProperties(second.getProperties().setContentType("text/plain"));
        require(
                client.listPropertiesOfSecretVersions(NAME).stream()
                        .map(SecretProperties::getContentType)
                        .anyMatch("text/plain"::equals),
                "a version in the list has the content type that it was given");
        require(
                client.listPropertiesOfSecrets().stream()
                        .map(SecretProperties::getName)
                        .anyMatch(NAME::equals),
                "the list has the secret");
        client.beginDeleteSecret(NAME).waitForCompletion();
        client.beginRecoverDeletedSecret(NAME).waitForCompletion();
        require(client.getSecret(NAME).getValue().equals("two"), "a recovered secret has its value");
        byte[] backup = client.backupSecret(NAME);
        client.beginDeleteSecret(NAME).waitForCompletion();
        client.purgeDeletedSecret(NAME);
        require(isGone(), "a purged secret is gone");
        client.restoreSecretBackup(backup);
        require(client.getSecret(NAME).getValue().equals("two"), "a restored secret has its value");
        client.beginDeleteSecret(NAME).waitForCompletion();
        client.purgeDeletedSecret(NAME);
    }

    private boolean isGone() {
        try {
            client.getDeletedSecret(NAME);
            return false;
        } catch (ResourceNotFoundException e) {
            return true;
        }
    }
}
