/** What the node keeps. */
@NullMarked
package dev.kluis.csi.cache;

import org.jspecify.annotations.NullMarked;
