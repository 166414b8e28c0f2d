/** The controller of VaultSecret. */
@NullMarked
package dev.kluis.operator.secret;

import org.jspecify.annotations.NullMarked;
