package dev.kluis.vault;

/** What a record holds. The code is part of the record format and never changes its meaning. */
public enum ObjectKind {
    /** The vault itself: its settings and its data keys. One per vault, without a name of its own. */
    VAULT(0, "vaults"),
    SECRET(1, "secrets"),
    /** What the vault held at a moment, against which vanished and rolled-back records are found. One per vault. */
    CHECKPOINT(15, "checkpoints");

    private final int code;
    private final String collection;

    ObjectKind(int code, String collection) {
        this.code = code;
        this.collection = collection;
    }

    public int code() {
        return code;
    }

    /** The word in paths and messages, plural. */
    public String collection() {
        return collection;
    }

    /** Whether there are several in a vault, told apart by their names. */
    public boolean named() {
        return this != VAULT && this != CHECKPOINT;
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
