package dev.kluis.vault.object;

import dev.kluis.crypto.key.KeyOperation;
import dev.kluis.crypto.key.KeySpec;
import dev.kluis.crypto.key.PublicKeyForm;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * What only a version of a key has. The private part, or a symmetric key, is the version's value.
 *
 * @param operations what may be done with it, {@code key_ops}; in the order of their declaration
 * @param exportable whether it may leave the vault under its release policy
 * @param publicKey absent for a symmetric key, and only then
 * @param told whether somebody was told that it is about to expire
 */
public record KeyDetail(
        KeySpec spec,
        Set<KeyOperation> operations,
        boolean exportable,
        Optional<ReleasePolicy> releasePolicy,
        Optional<PublicKeyForm> publicKey,
        boolean told)
        implements VersionDetail {

    public KeyDetail {
        var ordered = EnumSet.noneOf(KeyOperation.class);
        ordered.addAll(operations);
        operations = Collections.unmodifiableSet(ordered);
        if (spec.asymmetric() != publicKey.isPresent()
                || publicKey.filter(key -> !key.spec().equals(spec)).isPresent()) {
            throw new IllegalArgumentException("an asymmetric key, and no other, has a public part of its own kind");
        }
    }

    public KeyDetail with(Set<KeyOperation> allowed, Optional<ReleasePolicy> policy) {
        return new KeyDetail(spec, allowed, exportable, policy, publicKey, told);
    }

    public KeyDetail told(boolean now) {
        return new KeyDetail(spec, operations, exportable, releasePolicy, publicKey, now);
    }

    /** @throws IllegalArgumentException when it is not a key's */
    public static KeyDetail of(ObjectVersion version) {
        if (version.detail() instanceof KeyDetail key) {
            return key;
        }
        throw new IllegalArgumentException("not a version of a key");
    }
}
