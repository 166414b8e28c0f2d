/** The application: configuration, start, health and stop. */
@NullMarked
package dev.kluis.operator.wiring;

import org.jspecify.annotations.NullMarked;
