package dev.kluis.vault.secret;

import dev.kluis.crypto.SecretBytes;
import dev.kluis.vault.Ownership;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.secret.SecretVersion.SecretAttributes;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The rules of a secret's input, in Key Vault's numbers. */
final class SecretRules {

    private static final int MAX_TAGS = 15;
    private static final int MAX_TAG_NAME = 512;
    private static final int MAX_TAG_VALUE = 256;
    private static final int MAX_CONTENT_TYPE = 255;

    private SecretRules() {}

    static void requireLegal(SecretBytes value) {
        require(
                value.length() <= Secret.MAX_VALUE,
                "a secret's value has at most 25 KB (25,600 bytes), not " + value.length() + " bytes");
    }

    static void requireLegal(SecretAttributes attributes) {
        require(
                utf8(attributes.contentType()) <= MAX_CONTENT_TYPE,
                "a content type has at most " + MAX_CONTENT_TYPE + " bytes");
        require(attributes.tags().size() <= MAX_TAGS, "a secret has at most " + MAX_TAGS + " tags");
        attributes.tags().forEach((name, value) -> {
            require(!name.isEmpty() && utf8(name) <= MAX_TAG_NAME, "a tag's name has 1 to " + MAX_TAG_NAME + " bytes");
            require(utf8(value) <= MAX_TAG_VALUE, "a tag's value has at most " + MAX_TAG_VALUE + " bytes");
        });
    }

    static void requireLegalRotate(Optional<String> rotate) {
        require(
                rotate.filter(value -> utf8(value) > Ownership.ROTATE_LIMIT).isEmpty(),
                "the value of kluis.dev/rotate has at most " + Ownership.ROTATE_LIMIT + " bytes");
    }

    private static int utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static void require(boolean legal, String otherwise) {
        if (!legal) {
            throw new VaultException(VaultException.Code.BAD_PARAMETER, otherwise);
        }
    }
}
