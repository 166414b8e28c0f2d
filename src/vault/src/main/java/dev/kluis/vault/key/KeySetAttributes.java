package dev.kluis.vault.key;

import dev.kluis.crypto.key.KeyOperation;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.ObjectOperation;
import dev.kluis.vault.access.Action;
import dev.kluis.vault.object.Attributes;
import dev.kluis.vault.object.KeyDetail;
import dev.kluis.vault.object.ObjectVersion;
import dev.kluis.vault.object.VersionView;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Makes the attributes of the current version of a key what is given, where {@link KeyUpdate} leaves what it does not give.
 *
 * @param operations {@code key_ops}; absent is what is usual for its kind
 */
public record KeySetAttributes(ObjectId target, Attributes attributes, Optional<List<String>> operations)
        implements ObjectOperation<VersionView> {

    /** Key Vault's name: for whoever reads the audit it is the same operation. */
    @Override
    public String name() {
        return "KeyUpdate";
    }

    @Override
    public Action action() {
        return Action.KEY_UPDATE;
    }

    @Override
    public Optional<String> version(VersionView answer) {
        return Optional.of(answer.version().id());
    }

    /**
     * Whether it would make another one of a version.
     *
     * @throws dev.kluis.vault.VaultException for operations that no such key does
     */
    public boolean changes(ObjectVersion version) {
        return !version.attributes().equals(attributes)
                || !KeyDetail.of(version).operations().equals(allowed(version));
    }

    private Set<KeyOperation> allowed(ObjectVersion version) {
        return KeyRules.operations(KeyDetail.of(version).spec(), operations);
    }

    @Override
    public Outcome<VersionView> decide(Situation situation) {
        var existing = situation.changeable(target);
        var before = existing.state().current();
        KeyRules.requireLegal(attributes);
        var known = KeyDetail.of(before);
        return KeyUpdate.updated(
                situation, existing, before, attributes, known.with(allowed(before), known.releasePolicy()));
    }
}
