package dev.kluis.e2e.program;

import com.azure.core.credential.TokenCredential;
import com.azure.identity.DefaultAzureCredentialBuilder;
import com.azure.security.keyvault.keys.KeyServiceVersion;
import com.azure.security.keyvault.keys.cryptography.CryptographyServiceVersion;
import com.azure.security.keyvault.secrets.SecretServiceVersion;
import java.util.List;

/**
 * Does what programs do with Key Vault, by Azure's clients as they come, at an old and a new version of the API. Its environment
 * says where the vault and the authority are ({@code VAULT_URL}, {@code AZURE_*}), and nothing else does.
 *
 * <p>A line for each thing that was as it has to be; the first that was not ends it with a stack trace and the status 1.
 */
public final class Program {

    private static final List<String> API_VERSIONS = List.of("7.3", "7.6", "2025-07-01");

    private Program() {}

    public static void main(String[] arguments) throws Exception {
        String vault = System.getenv("VAULT_URL");
        TokenCredential credential = new DefaultAzureCredentialBuilder().build();
        for (String version : API_VERSIONS) {
            new Secrets(vault, credential, version(SecretServiceVersion.values(), version)).use();
            System.out.println("secrets at " + version);
            new Keys(
                            vault,
                            credential,
                            version(KeyServiceVersion.values(), version),
                            version(CryptographyServiceVersion.values(), version))
                    .use();
            System.out.println("keys at " + version);
        }
        System.out.println("done");
    }

    private static <V extends com.azure.core.util.ServiceVersion> V version(V[] offered, String wanted) {
        for (V one : offered) {
            if (one.getVersion().equals(wanted)) {
                return one;
            }
        }
        throw new IllegalStateException("the client knows no version " + wanted);
    }

    /** @throws IllegalStateException where it is not so; it tells what, and no value */
    static void require(boolean held, String what) {
        if (!held) {
            throw new IllegalStateException("not so: " + what);
        }
    }
}
