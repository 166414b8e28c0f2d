package dev.kluis.vault.secret;

import dev.kluis.crypto.SecretBytes;
import dev.kluis.vault.ObjectKind;
import dev.kluis.vault.object.ObjectRules;
import dev.kluis.vault.object.ObjectState;

/** The rules of a secret's input, in Key Vault's numbers. */
final class SecretRules {

    private static final int MAX_CONTENT_TYPE = 255;

    private SecretRules() {}

    static void requireLegal(SecretBytes value) {
        ObjectRules.require(
                value.length() <= ObjectState.MAX_VALUE,
                "a secret's value has at most 25 KB (25,600 bytes), not " + value.length() + " bytes");
    }

    static void requireLegal(SecretAttributes attributes) {
        ObjectRules.require(
                ObjectRules.utf8(attributes.contentType()) <= MAX_CONTENT_TYPE,
                "a content type has at most " + MAX_CONTENT_TYPE + " bytes");
        ObjectRules.requireLegal(ObjectKind.SECRET, attributes.common());
    }
}
