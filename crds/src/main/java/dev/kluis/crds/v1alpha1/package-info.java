/**
 * The user's API, group {@code kluis.dev/v1alpha1}: plain types for the schema generator and for JSON, no logic. Fields
 * are public; absent is null.
 */
@NullMarked
package dev.kluis.crds.v1alpha1;

import org.jspecify.annotations.NullMarked;
