/** What the nodes' CSI providers ask, and what is told to pods. */
@NullMarked
package dev.kluis.operator.node;

import org.jspecify.annotations.NullMarked;
