/** The operator: controllers, the nodes' service, and how they are put together. */
@NullMarked
package dev.kluis.operator;

import org.jspecify.annotations.NullMarked;
