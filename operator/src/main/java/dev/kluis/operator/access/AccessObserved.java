package dev.kluis.operator.access;

import dev.kluis.vault.access.Assignment;

/**
 * All that is read for a decision on an AccessAssignment.
 *
 * @param vaultActive whether there is such a vault, in use
 */
record AccessObserved(Assignment declared, boolean vaultActive) {}
