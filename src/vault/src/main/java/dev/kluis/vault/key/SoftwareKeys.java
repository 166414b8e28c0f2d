package dev.kluis.vault.key;

import dev.kluis.crypto.SecretAccess;
import dev.kluis.crypto.SecretBytes;
import dev.kluis.crypto.key.Algorithm;
import dev.kluis.crypto.key.Ciphertext;
import dev.kluis.crypto.key.JwkMembers;
import dev.kluis.crypto.key.KeyMaterial;
import dev.kluis.crypto.key.KeyRefusedException;
import dev.kluis.crypto.key.KeySpec;
import dev.kluis.crypto.key.Primitives;
import dev.kluis.crypto.key.PublicKeyForm;
import dev.kluis.crypto.key.SignatureInput;
import dev.kluis.crypto.key.UsableKey;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keys in this process. What computes is loaded with the first key that is used, since the native library takes a third of
 * a second.
 */
public final class SoftwareKeys implements KeyBackend {

    private final SecureRandom random;
    private final Consumer<List<String>> chosen;
    private final ReentrantLock loading = new ReentrantLock();
    /** New keys of RSA take a processor for seconds: half of them is left for everything else. */
    private final Semaphore generating =
            new Semaphore(Math.max(1, Runtime.getRuntime().availableProcessors() / 2));

    private volatile @Nullable Primitives loaded;

    /** @param chosen is told once what is used for what, a line each */
    public SoftwareKeys(SecureRandom random, Consumer<List<String>> chosen) {
        this.random = random;
        this.chosen = chosen;
    }

    private Primitives primitives() {
        var there = loaded;
        return there == null ? load() : there;
    }

    private Primitives load() {
        loading.lock();
        try {
            var there = loaded;
            if (there == null) {
                there = Primitives.load(random);
                loaded = there;
                chosen.accept(there.describe());
            }
            return there;
        } finally {
            loading.unlock();
        }
    }

    @Override
    public MadeKey generate(KeySpec spec) {
        generating.acquireUninterruptibly();
        try (var key = primitives().generate(spec)) {
            return made(key);
        } finally {
            generating.release();
        }
    }

    @Override
    public MadeKey importJwk(JwkMembers members) throws KeyRefusedException {
        try (var key = primitives().importJwk(members)) {
            return made(key);
        }
    }

    private static MadeKey made(KeyMaterial key) {
        return new MadeKey(key.spec(), key.reveal(SecretAccess.GRANTED), key.publicKey());
    }

    @Override
    public OpenKey open(KeySpec spec, SecretBytes stored) throws KeyRefusedException {
        var primitives = primitives();
        try (var key = primitives.read(spec, stored)) {
            return new Software(primitives.open(key));
        }
    }

    @Override
    public OpenKey open(PublicKeyForm key) {
        return new Software(primitives().open(key));
    }

    /** Of the process's own source: nothing has to be loaded for it. */
    @Override
    public SecretBytes randomBytes(int count) {
        if (count < 1 || count > Primitives.MAX_RANDOM) {
            throw new IllegalArgumentException("1 to " + Primitives.MAX_RANDOM + " bytes are drawn at once");
        }
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return SecretBytes.owning(bytes);
    }

    private record Software(UsableKey key) implements OpenKey {

        @Override
        public Ciphertext encrypt(
                Algorithm algorithm, SecretBytes plaintext, byte @Nullable [] iv, byte @Nullable [] additional)
                throws KeyRefusedException {
            return key.encrypt(algorithm, plaintext, iv, additional);
        }

        @Override
        public SecretBytes decrypt(Algorithm algorithm, Ciphertext ciphertext, byte @Nullable [] additional)
                throws KeyRefusedException {
            return key.decrypt(algorithm, ciphertext, additional);
        }

        @Override
        public byte[] wrap(Algorithm algorithm, SecretBytes other) throws KeyRefusedException {
            return key.wrap(algorithm, other);
        }

        @Override
        public SecretBytes unwrap(Algorithm algorithm, byte[] wrapped) throws KeyRefusedException {
            return key.unwrap(algorithm, wrapped);
        }

        @Override
        public byte[] sign(Algorithm algorithm, SignatureInput input) throws KeyRefusedException {
            return key.sign(algorithm, input);
        }

        @Override
        public boolean verify(Algorithm algorithm, SignatureInput input, byte[] signature) throws KeyRefusedException {
            return key.verify(algorithm, input, signature);
        }

        @Override
        public void close() {
            key.close();
        }
    }
}
