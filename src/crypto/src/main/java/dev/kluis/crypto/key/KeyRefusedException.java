package dev.kluis.crypto.key;

/**
 * A key or an operation was refused. The message is meant for the caller: it names what was expected and never quotes key
 * material, plaintext or any other input.
 */
public final class KeyRefusedException extends Exception {

    private static final long serialVersionUID = 1L;

    private final Refusal refusal;

    public KeyRefusedException(Refusal refusal, String message) {
        super(message);
        this.refusal = refusal;
    }

    public Refusal refusal() {
        return refusal;
    }
}
