package dev.kluis.operator.root;

import dev.kluis.vault.VaultException;
import dev.kluis.vault.seal.RootKeySeal;
import dev.kluis.vault.seal.ShamirSeal;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;

/** The seal of kind {@code shamir}: sealed after every start, until officers submitted enough shares. */
public final class OfficersSeal implements SealSource {

    private final ShamirSeal seal;

    public OfficersSeal(KubernetesClient client, String namespace, InstantSource clock, SecureRandom random) {
        this.seal = new ShamirSeal(
                new SealConfigMap(client, namespace), () -> RootKey.recordsExist(client, namespace), clock, random);
    }

    /** Where officers submit. */
    public ShamirSeal ceremonies() {
        return seal;
    }

    @Override
    public Optional<RootKeySeal> seal() {
        return seal.seal();
    }

    @Override
    public String whySealed() {
        try {
            return why(seal.view());
        } catch (VaultException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static String why(ShamirSeal.View view) {
        return switch (view.phase()) {
            case NOT_INITIALISED -> "no root key was dealt to officers yet: run kluis unseal init";
            case SEALED, UNSEALED ->
                view.ceremony()
                        .map(progress -> "officers must submit shares, " + progress.threshold() + " of "
                                + progress.officers() + " suffice and "
                                + progress.submitted().size() + " are there: run kluis unseal submit")
                        .orElse("officers unsealed it; it begins to serve");
        };
    }

    @Override
    public boolean rotating() {
        return seal.rotating();
    }

    @Override
    public void finish() {
        seal.finish();
    }
}
