package dev.kluis.vault;

import java.util.Arrays;
import java.util.Optional;

/** What a record holds. The code is part of the record format and never changes its meaning. */
public enum ObjectKind {
    /** The vault itself: its settings and its data keys. One per vault, without a name of its own. */
    VAULT(0, "vaults", "Vault"),
    SECRET(1, "secrets", "Secret"),
    KEY(2, "keys", "Key"),
    /** What the vault held at a moment, against which vanished and rolled-back records are found. One per vault. */
    CHECKPOINT(15, "checkpoints", "Checkpoint");

    private final int code;
    private final String collection;
    private final String word;

    ObjectKind(int code, String collection, String word) {
        this.code = code;
        this.collection = collection;
        this.word = word;
    }

    public int code() {
        return code;
    }

    /** The word in paths and messages, plural. */
    public String collection() {
        return collection;
    }

    /** The word in the names of operations and in error codes. */
    public String word() {
        return word;
    }

    /** Whether there are several in a vault, told apart by their names. */
    public boolean named() {
        return this != VAULT && this != CHECKPOINT;
    }

    /** The kind of this collection of objects. */
    public static Optional<ObjectKind> ofCollection(String name) {
        return Arrays.stream(values())
                .filter(kind -> kind.named() && kind.collection.equals(name))
                .findFirst();
    }

    /** @throws IllegalArgumentException for a code that no format version defines */
    public static ObjectKind ofCode(int code) {
        for (var kind : values()) {
            if (kind.code == code) {
                return kind;
            }
        }
        throw new IllegalArgumentException("no object kind has the code " + code);
    }
}
