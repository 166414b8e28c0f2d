/** Secrets: state and operations. */
@NullMarked
package dev.kluis.vault.secret;

import org.jspecify.annotations.NullMarked;
