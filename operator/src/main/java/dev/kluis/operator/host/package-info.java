/** Hosts of vaults: the Services by which the cluster's DNS knows them. */
@NullMarked
package dev.kluis.operator.host;

import org.jspecify.annotations.NullMarked;
