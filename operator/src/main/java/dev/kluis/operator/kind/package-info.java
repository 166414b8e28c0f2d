/** What the controllers of all kinds share. */
@NullMarked
package dev.kluis.operator.kind;

import org.jspecify.annotations.NullMarked;
