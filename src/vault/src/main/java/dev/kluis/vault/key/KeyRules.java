package dev.kluis.vault.key;

import dev.kluis.crypto.key.Algorithm;
import dev.kluis.crypto.key.KeyOperation;
import dev.kluis.crypto.key.KeyRefusedException;
import dev.kluis.crypto.key.KeySpec;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.ObjectKind;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.VaultException.Code;
import dev.kluis.vault.object.Attributes;
import dev.kluis.vault.object.KeyDetail;
import dev.kluis.vault.object.ObjectRules;
import dev.kluis.vault.object.ObjectVersion;
import dev.kluis.vault.object.ReleasePolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The rules of what is said about keys, and of when they are used. */
final class KeyRules {

    /** Clients' clocks and ours differ a little. */
    private static final Duration LEEWAY = Duration.ofMinutes(1);

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

    /** Enabled, and within its time; what was encrypted, wrapped or signed before its end can be read for ever. */
    static void requireUsable(ObjectId id, ObjectVersion version, KeyOperation operation, Instant now) {
        var attributes = version.attributes();
        if (!attributes.enabled()) {
            throw new VaultException(Code.DISABLED, operation.jose() + " is not allowed on " + id + ": it is disabled");
        }
        boolean makes = switch (operation) {
            case ENCRYPT, WRAP_KEY, SIGN -> true;
            case DECRYPT, UNWRAP_KEY, VERIFY -> false;
        };
        if (makes
                && attributes
                        .notBefore()
                        .filter(start -> now.plus(LEEWAY).isBefore(start))
                        .isPresent()) {
            throw new VaultException(
                    Code.NOT_YET_VALID, operation.jose() + " is not allowed on " + id + " before its 'nbf'");
        }
        if (makes
                && attributes
                        .expires()
                        .filter(end -> now.minus(LEEWAY).isAfter(end))
                        .isPresent()) {
            throw new VaultException(Code.EXPIRED, operation.jose() + " is not allowed on " + id + " after its 'exp'");
        }
    }

    /** Its text names what was expected and quotes nothing. */
    static VaultException refused(KeyRefusedException refusal) {
        return new VaultException(Code.BAD_PARAMETER, String.valueOf(refusal.getMessage()));
    }
}
