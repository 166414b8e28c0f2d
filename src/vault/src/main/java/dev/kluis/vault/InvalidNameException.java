package dev.kluis.vault;

/** A name is not of its legal form; the message says what is. The caller's fault. */
public final class InvalidNameException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    public InvalidNameException(String message) {
        super(message);
    }
}
