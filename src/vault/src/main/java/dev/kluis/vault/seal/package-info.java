/** What protects the root key. */
@NullMarked
package dev.kluis.vault.seal;

import org.jspecify.annotations.NullMarked;
