package dev.kluis.cli;

/** What the command's end says to scripts. */
public final class Exit {

    /** Done. */
    public static final int OK = 0;
    /** Refused: the token, or the right to do it. */
    public static final int REFUSED = 1;
    /** The command line, or what it asks for, is not legal. */
    public static final int USAGE = 2;
    /** There is no such thing. */
    public static final int NOT_FOUND = 3;
    /** Kluis or the cluster cannot be reached, or cannot serve now: trying again may help. */
    public static final int UNREACHABLE = 4;
    /** Its state does not allow it: deleted, changed in between, made by another. */
    public static final int CONFLICT = 5;
    /** Done in part: standard error says of what not. */
    public static final int PARTLY = 6;
    /** A fault of Kluis's. */
    public static final int FAULT = 70;

    private Exit() {}
}
