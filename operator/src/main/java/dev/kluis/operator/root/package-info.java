/** The root key in a Secret. */
@NullMarked
package dev.kluis.operator.root;

import org.jspecify.annotations.NullMarked;
