package dev.kluis.vault.store;

/** Another writer was first. Nothing was written; read and decide again. */
public final class ConflictException extends Exception {

    private static final long serialVersionUID = 1L;

    public ConflictException(String message) {
        super(message);
    }
}
