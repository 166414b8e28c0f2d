/** What objects of all kinds have in common: versions, attributes, lifecycle, lists. */
@NullMarked
package dev.kluis.vault.object;

import org.jspecify.annotations.NullMarked;
