/** A program written for Azure Key Vault, as tests have it in a pod: nothing in it is of Kluis. */
@NullMarked
package dev.kluis.e2e.program;

import org.jspecify.annotations.NullMarked;
