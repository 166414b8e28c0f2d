package dev.kluis.crypto;

/** Sealed bytes did not open: wrong key, wrong additional data, or changed. Which one is not told apart. */
public final class SealedBytesException extends Exception {

    private static final long serialVersionUID = 1L;

    public SealedBytesException(String what) {
        super(what);
    }
}
