package dev.kluis.crypto;

/**
 * The right to see secret bytes. Whatever reveals a value or key material asks for it, so that one search for this
 * type's uses lists every place where plaintext is handled.
 */
public enum SecretAccess {
    /** The caller has a reason to hold plaintext and destroys it when done. */
    GRANTED
}
