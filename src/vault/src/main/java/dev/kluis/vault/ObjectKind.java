package dev.kluis.vault;

/** What a record holds. The code is part of the record format and never changes its meaning. */
public enum ObjectKind {
    /** The vault itself: its settings and its data keys. One per vault, without a name of its own. */
    VAULT(0, "vaults"),
    SECRET(1, "secrets");

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
