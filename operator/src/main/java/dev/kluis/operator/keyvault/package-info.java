/** A client of somebody's Key Vault API, as small as wrapping a key needs. */
@NullMarked
package dev.kluis.operator.keyvault;

import org.jspecify.annotations.NullMarked;
