/** The API over HTTPS: routes that translate between HTTP and the door to the vaults, and the server that carries them. */
@NullMarked
package dev.kluis.operator.rest;

import org.jspecify.annotations.NullMarked;
