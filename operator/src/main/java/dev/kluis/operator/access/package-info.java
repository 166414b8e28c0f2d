/** The controller of AccessAssignment, and the assignments in force. */
@NullMarked
package dev.kluis.operator.access;

import org.jspecify.annotations.NullMarked;
