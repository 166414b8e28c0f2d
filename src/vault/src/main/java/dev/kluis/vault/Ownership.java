package dev.kluis.vault;

/**
 * What an object's record remembers for the resource that made the object.
 *
 * @param rotate the handled value of the annotation {@code kluis.dev/rotate}, at most 256 bytes; empty for none
 * @param keep deleting the resource leaves the object
 */
public record Ownership(Owner owner, String rotate, boolean keep) {

    /** The longest {@code rotate} value, in bytes of UTF-8. */
    public static final int ROTATE_LIMIT = 256;

    public Ownership handled(String value) {
        return new Ownership(owner, value, keep);
    }

    public Ownership keeping(boolean kept) {
        return new Ownership(owner, rotate, kept);
    }
}
