package dev.kluis.operator.access;

import dev.kluis.vault.access.Assignment;

/**
 * All that is read for a decision on an AccessAssignment.
 *
 * @param vaultActive whether there is such a vault, in use
 * @param policiesDecide whether the vault's access policies decide on its objects
 */
record AccessObserved(Assignment declared, boolean vaultActive, boolean policiesDecide) {}
