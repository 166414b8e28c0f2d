package dev.kluis.csi.mount;

/** What was asked for is not legal; the message is for the pod's event and says what is. */
public final class InvalidMountException extends RuntimeException {

    public InvalidMountException(String message) {
        super(message);
    }

    /** Refuses what is not legal. */
    static void require(boolean legal, String otherwise) {
        if (!legal) {
            throw new InvalidMountException(otherwise);
        }
    }
}
