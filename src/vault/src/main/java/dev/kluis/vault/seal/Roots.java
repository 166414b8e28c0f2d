package dev.kluis.vault.seal;

/** The kept roots of a seal, as a rotation needs them. */
public interface Roots {

    /** Whether an older root is kept beside the newest. */
    boolean rotating();

    /** Keeps the newest root alone. Called when nothing is wrapped by an older one; may be repeated. */
    void finish();
}
