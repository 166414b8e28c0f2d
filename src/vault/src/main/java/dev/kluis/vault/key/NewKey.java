package dev.kluis.vault.key;

import dev.kluis.crypto.key.KeyOperation;
import dev.kluis.crypto.key.KeySpec;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.ObjectOperation.Outcome;
import dev.kluis.vault.ObjectOperation.Situation;
import dev.kluis.vault.Ownership;
import dev.kluis.vault.object.Attributes;
import dev.kluis.vault.object.KeyDetail;
import dev.kluis.vault.object.ObjectState;
import dev.kluis.vault.object.ObjectVersion;
import dev.kluis.vault.object.ReleasePolicy;
import dev.kluis.vault.object.VersionView;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is decided about a new version of a key besides its material.
 *
 * @param operations {@code key_ops}; absent is what is usual for its kind
 * @param exportable whether it may leave the vault under its release policy
 */
public record NewKey(
        Optional<List<String>> operations,
        Attributes attributes,
        boolean exportable,
        Optional<ReleasePolicy> releasePolicy) {

    public static final NewKey USUAL = new NewKey(Optional.empty(), Attributes.NONE, false, Optional.empty());

    /** @throws dev.kluis.vault.VaultException when it is not legal for a key of this kind */
    Set<KeyOperation> requireLegal(KeySpec spec) {
        KeyRules.requireLegal(attributes);
        KeyRules.requireLegal(exportable, releasePolicy);
        return KeyRules.operations(spec, operations);
    }

    /**
     * The outcome that adds a version.
     *
     * @param state to which it is added
     * @param made whose secret form goes with the outcome
     */
    static Outcome.Put<VersionView> added(
            Situation situation,
            ObjectId id,
            ObjectState state,
            MadeKey made,
            NewKey wanted,
            Set<KeyOperation> operations,
            Optional<String> rotate) {
        var version = new ObjectVersion(
                situation.versionIds().get(),
                situation.now(),
                situation.now(),
                wanted.attributes,
                new KeyDetail(
                        made.spec(), operations, wanted.exportable, wanted.releasePolicy, made.publicKey(), false),
                made.stored().length(),
                situation.commitment().apply(made.stored()),
                false);
        var grown = state.withNew(version);
        return new Outcome.Put<>(
                grown,
                Map.of(version.id(), made.stored()),
                Ownership.handled(situation.ownership(), rotate),
                VersionView.of(id, grown, version));
    }
}
