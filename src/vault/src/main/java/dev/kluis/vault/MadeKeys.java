package dev.kluis.vault;

import dev.kluis.crypto.key.JwkMembers;
import dev.kluis.crypto.key.KeyRefusedException;
import dev.kluis.crypto.key.KeySpec;
import dev.kluis.vault.key.KeyBackend;
import dev.kluis.vault.key.MadeKey;
import org.jspecify.annotations.Nullable;

/** The key that one operation makes or brings: once, however often it is decided again. Of one thread. */
final class MadeKeys implements AutoCloseable {

    private final KeyBackend backend;
    private @Nullable MadeKey made;

    MadeKeys(KeyBackend backend) {
        this.backend = backend;
    }

    MadeKey generate(KeySpec spec) {
        var there = made;
        // Another writer may have made it a key of another kind in between.
        if (there == null || !there.spec().equals(spec)) {
            close();
            there = backend.generate(spec);
            made = there;
        }
        return there.copy();
    }

    MadeKey importJwk(JwkMembers members) throws KeyRefusedException {
        var there = made;
        if (there == null) {
            there = backend.importJwk(members);
            made = there;
        }
        return there.copy();
    }

    @Override
    public void close() {
        if (made != null) {
            made.close();
            made = null;
        }
    }
}
