package dev.kluis.operator;

import dev.kluis.operator.keyvault.KeyVaultClient;
import dev.kluis.operator.keyvault.KeyVaultSettings;
import dev.kluis.operator.root.KeyVaultSeal;
import dev.kluis.operator.root.OfficersSeal;
import dev.kluis.operator.root.RootKey;
import dev.kluis.operator.root.SealSource;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * What protects the root key, docs/reference/seals.md.
 *
 * @param keyVault of that kind and of no other
 */
public record SealSettings(Kind kind, Optional<KeyVaultSettings> keyVault) {

    /** The kinds. */
    public enum Kind {
        KUBERNETES,
        SHAMIR,
        KEYVAULT;

        /** As in the chart. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public SealSettings {
        if (keyVault.isPresent() != (kind == Kind.KEYVAULT)) {
            throw new IllegalArgumentException("a seal of kind keyvault, and no other, has a key in a Key Vault");
        }
    }

    /** Of a kind that needs no more. */
    public static SealSettings of(Kind kind) {
        return new SealSettings(kind, Optional.empty());
    }

    /** By a key in a Key Vault. */
    public static SealSettings of(KeyVaultSettings keyVault) {
        return new SealSettings(Kind.KEYVAULT, Optional.of(keyVault));
    }

    SealSource source(
            KubernetesClient client,
            String namespace,
            InstantSource clock,
            LongSupplier nanoTime,
            SecureRandom random) {
        return switch (kind) {
            case KUBERNETES -> new RootKey(client, namespace, random);
            case SHAMIR -> new OfficersSeal(client, namespace, clock, random);
            case KEYVAULT ->
                new KeyVaultSeal(
                        new KeyVaultClient(keyVault.orElseThrow()), client, namespace, clock, nanoTime, random);
        };
    }
}
