/** Backups of whole vaults by their schedule, and where they go. */
@NullMarked
package dev.kluis.operator.backup;

import org.jspecify.annotations.NullMarked;
