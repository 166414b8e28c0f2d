package dev.kluis.vault;

/**
 * The resource that made an object and alone may change it declaratively. Not its uid: a namespace that was deleted and
 * made again takes its objects back.
 *
 * @param kind the resource's kind, such as {@code VaultSecret}
 */
public record Owner(String kind, String namespace, String name) {

    private static final int LIMIT = 400;

    public Owner {
        if (kind.isEmpty() || namespace.isEmpty() || name.isEmpty()) {
            throw new IllegalArgumentException("an owner has a kind, a namespace and a name");
        }
        if (kind.length() + namespace.length() + name.length() > LIMIT) {
            throw new IllegalArgumentException("an owner's reference has at most " + LIMIT + " characters");
        }
    }

    @Override
    public String toString() {
        return kind + "/" + namespace + "/" + name;
    }

    /** The inverse of {@link #toString}. */
    public static Owner parse(String text) {
        String[] parts = text.split("/", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("an owner is written kind/namespace/name");
        }
        return new Owner(parts[0], parts[1], parts[2]);
    }
}
