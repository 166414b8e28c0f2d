package dev.kluis.vault.object;

/** What an object has that is not one version's, and that only its kind has. */
public sealed interface ObjectPolicy permits ObjectPolicy.None, RotationPolicy {

    ObjectPolicy NONE = new None();

    /** Secrets have none; a key may have none. */
    record None() implements ObjectPolicy {}
}
