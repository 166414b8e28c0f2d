/** The {@code kluis} command: it translates between people or scripts and Kluis's API. */
@NullMarked
package dev.kluis.cli;

import org.jspecify.annotations.NullMarked;
