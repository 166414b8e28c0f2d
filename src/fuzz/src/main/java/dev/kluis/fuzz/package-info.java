/** Finds inputs that a decoder neither decodes nor refuses. */
@NullMarked
package dev.kluis.fuzz;

import org.jspecify.annotations.NullMarked;
