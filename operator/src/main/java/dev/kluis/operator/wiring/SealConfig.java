package dev.kluis.operator.wiring;

import dev.kluis.operator.SealSettings;
import dev.kluis.operator.keyvault.KeyVaultSettings;
import dev.kluis.operator.keyvault.KeyVaultSettings.ClientSecret;
import dev.kluis.operator.keyvault.KeyVaultSettings.FederatedToken;
import dev.kluis.operator.keyvault.KeyVaultSettings.Identity;
import dev.kluis.operator.keyvault.KeyVaultSettings.Proof;
import dev.kluis.vault.seal.RemoteKeyId;
import java.util.Optional;

/** What the configuration says of the seal. */
final class SealConfig {

    private SealConfig() {}

    static SealSettings of(KluisConfig.Seal config) {
        return config.kind() == SealSettings.Kind.KEYVAULT
                ? SealSettings.of(keyVault(config.keyvault()))
                : SealSettings.of(config.kind());
    }

    private static KeyVaultSettings keyVault(KluisConfig.Seal.Keyvault config) {
        return new KeyVaultSettings(
                RemoteKeyId.parse(required(config.key(), "KEY")),
                config.algorithm(),
                new Identity(
                        config.authorityHost(),
                        required(config.tenant(), "TENANT"),
                        required(config.clientId(), "CLIENT_ID"),
                        proof(config)),
                config.caFile(),
                config.timeout());
    }

    /** A secret is there only where somebody gave one, and workload identity's token may be there all the same. */
    private static Proof proof(KluisConfig.Seal.Keyvault config) {
        return config.clientSecretFile()
                .<Proof>map(ClientSecret::new)
                .or(() -> config.tokenFile().map(FederatedToken::new))
                .orElseThrow(() -> new IllegalArgumentException(
                        "KLUIS_SEAL_KEYVAULT_TOKEN_FILE or _CLIENT_SECRET_FILE is missing: a seal of kind keyvault needs"
                                + " what proves its identity"));
    }

    private static String required(Optional<String> value, String name) {
        return value.orElseThrow(() -> new IllegalArgumentException(
                "KLUIS_SEAL_KEYVAULT_" + name + " is missing: a seal of kind keyvault needs it"));
    }
}
