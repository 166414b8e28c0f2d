/** Where records lie: the port and its rules. */
@NullMarked
package dev.kluis.vault.store;

import org.jspecify.annotations.NullMarked;
