package dev.kluis.operator.backup;

import dev.kluis.crypto.RecipientKey;
import dev.kluis.crypto.RecipientKeyPair;
import dev.kluis.vault.Caller;
import dev.kluis.vault.Vault;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.VaultException.Code;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.backup.ObjectImport.Result;
import dev.kluis.vault.backup.VaultImport;
import dev.kluis.vault.backup.VaultImport.Options;
import dev.kluis.vault.backup.VaultImport.Report;
import java.io.IOException;
import java.io.InputStream;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Restores files that were sealed anew to a key of this process. An officer's private key thus never comes here: its holder
 * asks for a key, seals the file's own key to it, and sends the file. A key is for one restore, lives a quarter of an hour
 * and is in memory only.
 */
public final class Restores {

    private static final Duration LIFETIME = Duration.ofMinutes(15);
    /** Whoever may ask for a key may ask often. */
    private static final int KEYS = 16;

    private record Waiting(RecipientKeyPair pair, Instant until) {}

    private final VaultImport imports;
    private final InstantSource clock;
    private final SecureRandom random;
    private final Map<String, Waiting> keys = new HashMap<>();

    public Restores(Vault vault, InstantSource clock, SecureRandom random) {
        this.imports = new VaultImport(vault);
        this.clock = clock;
        this.random = random;
    }

    /** A new key to seal a file to. */
    public synchronized RecipientKey key() {
        var now = clock.instant();
        keys.values().removeIf(one -> expired(one, now));
        if (keys.size() >= KEYS) {
            throw new VaultException(Code.CONFLICT, "too many restores are under way: try again later");
        }
        var pair = RecipientKeyPair.generate(random);
        keys.put(pair.publicKey().id(), new Waiting(pair, now.plus(LIFETIME)));
        return pair.publicKey();
    }

    /**
     * @param id the vault to restore to, which is there
     * @param in a file that was sealed to a key from {@link #key}
     * @param each is told of every object
     */
    public Report restore(Caller caller, VaultId id, InputStream in, Options options, Consumer<Result> each)
            throws IOException {
        return imports.restore(caller, id, in, this::take, options, each);
    }

    private synchronized Optional<RecipientKeyPair> take(String id) {
        return Optional.ofNullable(keys.remove(id))
                .filter(one -> !expired(one, clock.instant()))
                .map(Waiting::pair);
    }

    /** Closing zeroes the key. */
    private static boolean expired(Waiting one, Instant now) {
        boolean over = !now.isBefore(one.until());
        if (over) {
            one.pair().close();
        }
        return over;
    }
}
