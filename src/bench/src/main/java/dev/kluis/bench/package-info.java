/** Measures the whole in its cluster. */
@NullMarked
package dev.kluis.bench;

import org.jspecify.annotations.NullMarked;
