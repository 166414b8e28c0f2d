package dev.kluis.vault.key;

import dev.kluis.crypto.key.Algorithm;
import dev.kluis.crypto.key.KeyOperation;
import dev.kluis.crypto.key.KeySpec;
import dev.kluis.vault.ObjectKind;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.VaultException.Code;
import dev.kluis.vault.object.Attributes;
import dev.kluis.vault.object.KeyDetail;
import dev.kluis.vault.object.ObjectRules;
import dev.kluis.vault.object.ReleasePolicy;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The rules of what is said about keys. */
final class KeyRules {

    private KeyRules() {}

    /** What a key of this kind can be used for by some algorithm. */
    static Set<KeyOperation> possible(KeySpec spec) {
        var possible = EnumSet.noneOf(KeyOperation.class);
        for (var algorithm : Algorithm.values()) {
            if (algorithm.fits(spec)) {
                possible.addAll(algorithm.operations());
            }
        }
        return possible;
    }

    /** What a key is for when nobody says: everything, but a symmetric one that encrypts does not sign. */
    private static Set<KeyOperation> usual(KeySpec spec) {
        var usual = EnumSet.copyOf(possible(spec));
        if (!spec.asymmetric() && usual.contains(KeyOperation.ENCRYPT)) {
            usual.removeAll(EnumSet.of(KeyOperation.SIGN, KeyOperation.VERIFY));
        }
        return usual;
    }

    /**
     * What a key is for.
     *
     * @param wanted {@code key_ops}; absent is what is usual
     * @throws VaultException for an operation that is none, or that no algorithm does with such a key
     */
    static Set<KeyOperation> operations(KeySpec spec, Optional<List<String>> wanted) {
        if (wanted.isEmpty()) {
            return usual(spec);
        }
        var possible = possible(spec);
        var operations = EnumSet.noneOf(KeyOperation.class);
        for (String one : wanted.get()) {
            var operation = KeyOperation.of(one).filter(possible::contains);
            operations.add(operation.orElseThrow(() -> new VaultException(
                    Code.BAD_PARAMETER,
                    "'key_ops' of a key of the kind " + spec.text() + " are of "
                            + String.join(", ", words(possible)))));
        }
        return Collections.unmodifiableSet(operations);
    }

    private static List<String> words(Set<KeyOperation> operations) {
        return operations.stream().map(KeyOperation::jose).toList();
    }

    static void requireLegal(Attributes attributes) {
        ObjectRules.requireLegal(ObjectKind.KEY, attributes);
        boolean ordered = attributes.notBefore().isEmpty()
                || attributes.expires().isEmpty()
                || attributes.notBefore().get().isBefore(attributes.expires().get());
        ObjectRules.require(ordered, "'nbf' comes before 'exp'");
    }

    static void requireLegal(boolean exportable, Optional<ReleasePolicy> policy) {
        ObjectRules.require(!exportable || policy.isPresent(), "an exportable key has a 'release_policy'");
        ObjectRules.require(exportable || policy.isEmpty(), "a 'release_policy' is for an exportable key");
        policy.ifPresent(one -> {
            ObjectRules.require(
                    ObjectRules.utf8(one.contentType()) <= ReleasePolicy.MAX_CONTENT_TYPE,
                    "the content type of a release policy has at most " + ReleasePolicy.MAX_CONTENT_TYPE + " bytes");
            ObjectRules.require(
                    !one.data().isEmpty() && ObjectRules.utf8(one.data()) <= ReleasePolicy.MAX_DATA,
                    "a release policy has 1 to " + ReleasePolicy.MAX_DATA + " bytes");
        });
    }

    /** @throws VaultException when an immutable policy would become another one */
    static void requireMayBecome(KeyDetail before, Optional<ReleasePolicy> next) {
        boolean fixed = before.releasePolicy().filter(ReleasePolicy::immutable).isPresent();
        if (fixed && !before.releasePolicy().equals(next)) {
            throw new VaultException(Code.BAD_PARAMETER, "the release policy of this version is immutable");
        }
    }
}
