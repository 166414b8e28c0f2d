package dev.kluis.vault;

import java.util.Optional;

/**
 * What an object's record remembers for the resource that made the object.
 *
 * @param rotate the handled value of the annotation {@code kluis.dev/rotate}, at most 256 bytes; empty for none
 * @param keep deleting the resource leaves the object
 * @param sealed the hash of the sealed value that was taken in last, 64 hex characters; empty for none
 */
public record Ownership(Owner owner, String rotate, boolean keep, String sealed) {

    /** The longest {@code rotate} value, in bytes of UTF-8. */
    public static final int ROTATE_LIMIT = 256;

    /** What a resource that makes an object starts with. */
    public static Ownership of(Owner owner) {
        return new Ownership(owner, "", false, "");
    }

    public Ownership handled(String value) {
        return new Ownership(owner, value, keep, sealed);
    }

    /** As it is after a resource's rotate value was handled, where there is one. */
    public static Optional<Ownership> handled(Optional<Ownership> before, Optional<String> rotate) {
        return before.map(ownership -> rotate.map(ownership::handled).orElse(ownership));
    }

    public Ownership keeping(boolean kept) {
        return new Ownership(owner, rotate, kept, sealed);
    }

    public Ownership taken(String hash) {
        return new Ownership(owner, rotate, keep, hash);
    }
}
