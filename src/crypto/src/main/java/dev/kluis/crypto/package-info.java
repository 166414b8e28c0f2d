/** Keys and algorithms, without knowledge of vaults or clusters. */
@NullMarked
package dev.kluis.crypto;

import org.jspecify.annotations.NullMarked;
