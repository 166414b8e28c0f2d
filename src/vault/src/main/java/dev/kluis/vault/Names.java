package dev.kluis.vault;

import java.util.regex.Pattern;

/** Checks names; what does not fit is shortened and stripped of control characters before it is quoted. */
final class Names {

    private static final int QUOTED = 40;

    private Names() {}

    static void require(Pattern legal, String name, String what, String legalInWords) {
        if (!legal.matcher(name).matches()) {
            throw new InvalidNameException("the " + what + " '" + quote(name) + "' is not " + legalInWords);
        }
    }

    private static String quote(String name) {
        String printable = name.replaceAll("[^\\x20-\\x7e]", "?");
        return printable.length() <= QUOTED ? printable : printable.substring(0, QUOTED) + "...";
    }
}
