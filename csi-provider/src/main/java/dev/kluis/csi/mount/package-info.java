/** One mount: what the driver asks, what the operator answers, what the files are. */
@NullMarked
package dev.kluis.csi.mount;

import org.jspecify.annotations.NullMarked;
