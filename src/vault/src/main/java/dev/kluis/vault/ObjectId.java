package dev.kluis.vault;

import java.util.Comparator;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * An object of a vault, and the key of its record.
 *
 * @param name {@code [0-9a-zA-Z-]{1,127}}, kept in lower case since names differ by more than case only; empty for the
 *     vault itself and its checkpoint
 */
public record ObjectId(VaultId vault, ObjectKind kind, String name) implements AuditTarget, Comparable<ObjectId> {

    private static final Comparator<ObjectId> ORDER = Comparator.<ObjectId, VaultId>comparing(id -> id.vault())
            .thenComparing(id -> id.kind())
            .thenComparing(id -> id.name());
    private static final Pattern NAME = Pattern.compile("[0-9a-zA-Z-]{1,127}");

    public ObjectId {
        if (kind.named()) {
            Names.require(NAME, name, "object name", "1 to 127 of [0-9a-zA-Z-]");
        } else if (!name.isEmpty()) {
            throw new InvalidNameException("a record of which each vault has one has no object name");
        }
        name = name.toLowerCase(Locale.ROOT);
    }

    public static ObjectId vault(VaultId vault) {
        return new ObjectId(vault, ObjectKind.VAULT, "");
    }

    public static ObjectId checkpoint(VaultId vault) {
        return new ObjectId(vault, ObjectKind.CHECKPOINT, "");
    }

    public static ObjectId secret(VaultId vault, String name) {
        return new ObjectId(vault, ObjectKind.SECRET, name);
    }

    public static ObjectId key(VaultId vault, String name) {
        return new ObjectId(vault, ObjectKind.KEY, name);
    }

    /** By vault, kind and name: the order of lists. */
    @Override
    public int compareTo(ObjectId other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return switch (kind) {
            case VAULT -> vault.toString();
            case CHECKPOINT -> vault + "/" + kind.collection();
            case SECRET, KEY -> vault + "/" + kind.collection() + "/" + name;
        };
    }
}
