package dev.kluis.crypto.key;

/** Why a key or an operation was refused. Always the caller's fault; asking again does not help. */
public enum Refusal {
    /** A type, size, curve or exponent of key that is not offered. */
    UNSUPPORTED_KEY,
    /** Key material that is malformed, or whose parts do not belong together. */
    INVALID_KEY,
    /** The algorithm does not fit the key, or does not do this operation. */
    WRONG_ALGORITHM,
    /** A digest, plaintext, ciphertext or wrapped key of a length that the algorithm does not take. */
    WRONG_LENGTH,
    /** An initialization vector that is missing, of another length, or given where none is used. */
    BAD_IV,
    /** An authentication tag that is missing, of another length, or given where none is used. */
    BAD_TAG,
    /** Additional data where none is authenticated, or longer than is taken. */
    BAD_ADDITIONAL_DATA,
    /** A context of a signature where none is used, or longer than 255 bytes. */
    BAD_CONTEXT,
    /** The operation needs the private part and only the public one was opened. */
    NO_PRIVATE_KEY,
    /** A ciphertext or wrapped key was not made for this key in this way, or was changed. Which one is not told apart. */
    DECRYPTION_FAILED
}
