/** Backup and restore of one object and of a whole vault; docs/reference/backup.md specifies the bytes. */
@NullMarked
package dev.kluis.vault.backup;

import org.jspecify.annotations.NullMarked;
