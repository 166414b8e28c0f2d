package dev.kluis.operator;

import java.util.Locale;

/** How far the operator is. */
public enum Phase {
    STARTING,
    /** The root key is not there. */
    SEALED,
    SERVING,
    /** It could not start and does not try again: whoever runs the process starts it anew. */
    FAILED,
    STOPPED;

    /** For people, such as {@code Serving}. */
    public String title() {
        return name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT);
    }
}
