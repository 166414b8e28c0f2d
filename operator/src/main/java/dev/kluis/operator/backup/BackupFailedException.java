package dev.kluis.operator.backup;

/** A destination did not do what it should; the message is for people and holds no credentials. */
public final class BackupFailedException extends Exception {

    private static final long serialVersionUID = 1L;

    BackupFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
