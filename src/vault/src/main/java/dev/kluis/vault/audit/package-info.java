/** What was done or refused, by whom. */
@NullMarked
package dev.kluis.vault.audit;

import org.jspecify.annotations.NullMarked;
