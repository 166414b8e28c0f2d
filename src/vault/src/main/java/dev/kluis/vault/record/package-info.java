/** The record format: header, state and values, sealed; see docs/reference/format.md. */
@NullMarked
package dev.kluis.vault.record;

import org.jspecify.annotations.NullMarked;
