/** Where the root key comes from, by kinds of seal. */
@NullMarked
package dev.kluis.operator.root;

import org.jspecify.annotations.NullMarked;
