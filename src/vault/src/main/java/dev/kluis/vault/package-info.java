/** The engine: vaults, their objects, and the one door to both. No cluster, no HTTP, no framework. */
@NullMarked
package dev.kluis.vault;

import org.jspecify.annotations.NullMarked;
