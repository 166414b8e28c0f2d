/** Who calls, proved by tokens; and who Kluis's own servers are, proved by certificates. */
@NullMarked
package dev.kluis.operator.identity;

import org.jspecify.annotations.NullMarked;
