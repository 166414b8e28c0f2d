/** The controller of Vault. */
@NullMarked
package dev.kluis.operator.vault;

import org.jspecify.annotations.NullMarked;
