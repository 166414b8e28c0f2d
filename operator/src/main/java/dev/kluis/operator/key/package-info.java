/** The controller of VaultKey. */
@NullMarked
package dev.kluis.operator.key;

import org.jspecify.annotations.NullMarked;
