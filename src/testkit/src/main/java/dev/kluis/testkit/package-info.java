/** Servers and builders for tests, ours and users'. */
@NullMarked
package dev.kluis.testkit;

import org.jspecify.annotations.NullMarked;
