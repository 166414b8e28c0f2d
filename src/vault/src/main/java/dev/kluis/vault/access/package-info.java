/** Who may do what. */
@NullMarked
package dev.kluis.vault.access;

import org.jspecify.annotations.NullMarked;
