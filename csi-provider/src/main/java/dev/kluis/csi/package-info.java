/** The provider of node files for the Secrets Store CSI driver. It has no rights of its own: the pods' tokens have. */
@NullMarked
package dev.kluis.csi;

import org.jspecify.annotations.NullMarked;
