/** Keys: their operations, and the port to what computes with them. See DESIGN.md. */
@NullMarked
package dev.kluis.vault.key;

import org.jspecify.annotations.NullMarked;
