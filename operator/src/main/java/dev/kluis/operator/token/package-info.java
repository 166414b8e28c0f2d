/** Tokens of Kluis's own: what the token endpoint exchanges, what it gives, and how that is proved later. */
@NullMarked
package dev.kluis.operator.token;

import org.jspecify.annotations.NullMarked;
