package dev.kluis.vault.object;

import dev.kluis.vault.ObjectKind;
import dev.kluis.vault.Ownership;
import dev.kluis.vault.VaultException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** The rules of what is said about objects of all kinds, in Key Vault's numbers. */
public final class ObjectRules {

    private static final int MAX_TAGS = 15;
    private static final int MAX_TAG_VALUE = 256;

    private ObjectRules() {}

    public static void requireLegal(ObjectKind kind, Attributes attributes) {
        require(
                attributes.tags().size() <= MAX_TAGS,
                "a " + kind.word().toLowerCase(Locale.ROOT) + " has at most " + MAX_TAGS + " tags");
        int longest = maxTagName(kind);
        attributes.tags().forEach((name, value) -> {
            require(!name.isEmpty() && utf8(name) <= longest, "a tag's name has 1 to " + longest + " bytes");
            require(utf8(value) <= MAX_TAG_VALUE, "a tag's value has at most " + MAX_TAG_VALUE + " bytes");
        });
    }

    private static int maxTagName(ObjectKind kind) {
        return kind == ObjectKind.SECRET ? 512 : 256;
    }

    public static void requireLegalRotate(Optional<String> rotate) {
        require(
                rotate.filter(value -> utf8(value) > Ownership.ROTATE_LIMIT).isEmpty(),
                "the value of kluis.dev/rotate has at most " + Ownership.ROTATE_LIMIT + " bytes");
    }

    public static int utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** @throws VaultException with {@code BAD_PARAMETER} unless it is legal */
    public static void require(boolean legal, String otherwise) {
        if (!legal) {
            throw new VaultException(VaultException.Code.BAD_PARAMETER, otherwise);
        }
    }
}
