/** Where the audit goes, and what is to trust in it. */
@NullMarked
package dev.kluis.operator.audit;

import org.jspecify.annotations.NullMarked;
