package dev.kluis.operator.root;

import dev.kluis.vault.Caller;
import dev.kluis.vault.Source;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.audit.SealTrail;
import dev.kluis.vault.seal.RemoteKey;
import dev.kluis.vault.seal.RemoteKeyException;
import dev.kluis.vault.seal.RemoteSeal;
import dev.kluis.vault.seal.RootKeySeal;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The seal of kind {@code keyvault}: sealed after a start until a key in a Key Vault unwraps the root. Once it did, Kluis
 * serves without it; now and then it is asked for its newest version, so that who takes it away learns in the log what the
 * next start would be.
 */
public final class KeyVaultSeal implements SealSource {

    private static final Logger LOG = LoggerFactory.getLogger(KeyVaultSeal.class);
    private static final Duration LOOK_EVERY = Duration.ofHours(1);

    private final RemoteSeal seal;
    private final RemoteKey key;
    private final LongSupplier nanoTime;
    private final Backoff backoff;
    private String whySealed = "";
    private String warned = "";
    private boolean looked;
    private long lookedAt;

    /** @param nanoTime a monotonic clock in nanoseconds */
    public KeyVaultSeal(
            RemoteKey key,
            KubernetesClient client,
            String namespace,
            InstantSource clock,
            LongSupplier nanoTime,
            SecureRandom random) {
        this.key = key;
        this.nanoTime = nanoTime;
        this.seal = new RemoteSeal(
                new SealConfigMap(client, namespace),
                key,
                () -> RootKey.recordsExist(client, namespace),
                clock,
                random);
        this.backoff = new Backoff(nanoTime, random);
    }

    @Override
    public Optional<RootKeySeal> seal() {
        if (!backoff.due()) {
            return Optional.empty();
        }
        try {
            var unsealed = seal.unseal();
            backoff.succeeded();
            LOG.info("The root key was unwrapped by {}", key.id());
            return Optional.of(unsealed);
        } catch (RemoteKeyException | VaultException e) {
            whySealed = String.valueOf(e.getMessage());
            backoff.failed();
            return Optional.empty();
        }
    }

    @Override
    public String whySealed() {
        return whySealed;
    }

    @Override
    public void beginWhenAsked(SealTrail trail) {
        if (!backoff.due()) {
            return;
        }
        boolean look = !looked || nanoTime.getAsLong() - lookedAt >= LOOK_EVERY.toNanos();
        try {
            seal.due(look).ifPresent(prepared -> make(prepared, trail));
            backoff.succeeded();
            if (look) {
                looked = true;
                lookedAt = nanoTime.getAsLong();
                warned = "";
            }
        } catch (RemoteKeyException e) {
            backoff.failed();
            warn("Kluis serves, and would stay sealed after a start now: " + e.getMessage());
        } catch (VaultException e) {
            backoff.failed();
            warn("Nothing was changed of the seal: " + e.getMessage());
        }
    }

    private static void make(RemoteSeal.Prepared prepared, SealTrail trail) {
        trail.change(new Caller.Clockwork(), Source.NONE, prepared.operation(), () -> {}, () -> {
            prepared.make().run();
            return new SealTrail.Done<>(true, prepared.what());
        });
        LOG.info("The seal: {}", prepared.what());
    }

    /** Once, however often it is tried. */
    private void warn(String what) {
        if (!what.equals(warned)) {
            LOG.warn("{}", what);
            warned = what;
        }
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
