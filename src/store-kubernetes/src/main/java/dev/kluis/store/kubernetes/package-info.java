/** The store that keeps records as resources of the Kubernetes API. */
@NullMarked
package dev.kluis.store.kubernetes;

import org.jspecify.annotations.NullMarked;
