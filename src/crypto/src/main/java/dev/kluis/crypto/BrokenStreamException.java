package dev.kluis.crypto;

import java.io.IOException;

/** A sealed stream was cut, reordered, continued or changed, or is another one. Which is not told apart. */
public final class BrokenStreamException extends IOException {

    private static final long serialVersionUID = 1L;

    public BrokenStreamException() {
        super("the sealed stream was cut or changed, or is another one");
    }
}
