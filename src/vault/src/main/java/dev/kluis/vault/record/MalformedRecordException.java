package dev.kluis.vault.record;

/** Bytes are not of the record format, or do not open, or are not what their place says. Holds no content. */
public final class MalformedRecordException extends Exception {

    private static final long serialVersionUID = 1L;

    public MalformedRecordException(String message) {
        super(message);
    }
}
