/** Backup files in a store that speaks S3. */
@NullMarked
package dev.kluis.backup.s3;

import org.jspecify.annotations.NullMarked;
