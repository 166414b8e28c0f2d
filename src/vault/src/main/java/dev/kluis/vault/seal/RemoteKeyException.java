package dev.kluis.vault.seal;

/**
 * A remote key could not be used. The message says what is the matter and what somebody has to do; everybody may read it, so
 * nothing of what was sent or answered is in it but codes of errors.
 */
public final class RemoteKeyException extends Exception {

    private static final long serialVersionUID = 1L;

    public RemoteKeyException(String message) {
        super(message);
    }
}
