/**
 * The mathematics of keys that others use: RSA, elliptic curves, AES, HMAC, Ed25519 and ML-DSA under their JOSE names
 * (RFC 7517, RFC 7518), without knowledge of vaults, requests or clusters.
 *
 * <p>{@link dev.kluis.crypto.key.Primitives} is chosen once, at start. It makes keys, reads stored ones and opens them as
 * {@link dev.kluis.crypto.key.UsableKey}, which does the operations. Whatever a caller may do wrong is a
 * {@link dev.kluis.crypto.key.KeyRefusedException}; any other exception is a defect of this package or of the runtime.
 */
@NullMarked
package dev.kluis.crypto.key;

import org.jspecify.annotations.NullMarked;
