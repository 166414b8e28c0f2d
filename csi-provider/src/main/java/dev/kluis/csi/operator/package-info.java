/** The connection to the operator. */
@NullMarked
package dev.kluis.csi.operator;

import org.jspecify.annotations.NullMarked;
