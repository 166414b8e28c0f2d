/** What the operator alone writes: sealed records and contents, group {@code store.kluis.dev/v1}. */
@NullMarked
package dev.kluis.crds.store;

import org.jspecify.annotations.NullMarked;
