package dev.kluis.vault.engine;

import dev.kluis.crypto.SecretBytes;
import dev.kluis.crypto.key.Algorithm;
import dev.kluis.crypto.key.Ciphertext;
import dev.kluis.crypto.key.JwkMembers;
import dev.kluis.crypto.key.KeyRefusedException;
import dev.kluis.crypto.key.KeySpec;
import dev.kluis.crypto.key.PublicKeyForm;
import dev.kluis.crypto.key.SignatureInput;
import dev.kluis.vault.key.KeyBackend;
import dev.kluis.vault.key.MadeKey;
import dev.kluis.vault.key.OpenKey;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Keys of another backend, counted: how many were generated and opened, and how many private ones are open. */
final class WatchedKeys implements KeyBackend {

    private final KeyBackend keys;
    /** What somebody else does while the next key is generated. */
    Runnable meanwhile = () -> {};

    final AtomicInteger generated = new AtomicInteger();
    final AtomicInteger opened = new AtomicInteger();
    final AtomicInteger open = new AtomicInteger();

    WatchedKeys(KeyBackend keys) {
        this.keys = keys;
    }

    @Override
    public MadeKey generate(KeySpec spec) {
        generated.incrementAndGet();
        var once = meanwhile;
        meanwhile = () -> {};
        once.run();
        return keys.generate(spec);
    }

    @Override
    public MadeKey importJwk(JwkMembers members) throws KeyRefusedException {
        return keys.importJwk(members);
    }

    @Override
    public OpenKey open(KeySpec spec, SecretBytes stored) throws KeyRefusedException {
        var key = keys.open(spec, stored);
        opened.incrementAndGet();
        open.incrementAndGet();
        return new Watched(key);
    }

    @Override
    public OpenKey open(PublicKeyForm key) {
        return keys.open(key);
    }

    @Override
    public SecretBytes randomBytes(int count) {
        return keys.randomBytes(count);
    }

    private final class Watched implements OpenKey {

        private final OpenKey key;

        private Watched(OpenKey key) {
            this.key = key;
        }

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
            open.decrementAndGet();
            key.close();
        }
    }
}
