package dev.kluis.vault.key;

import dev.kluis.crypto.key.JwkMembers;
import dev.kluis.crypto.key.KeyRefusedException;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.ObjectOperation;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.access.Action;
import java.util.Optional;

/**
 * Takes a key in that was made elsewhere, as a new version.
 *
 * @param jwk closed by the door
 */
public record KeyImport(ObjectId target, JwkMembers jwk, NewKey key) implements ObjectOperation<KeyView> {

    @Override
    public Action action() {
        return Action.KEY_IMPORT;
    }

    @Override
    public Optional<String> version(KeyView answer) {
        return Optional.of(answer.version().id());
    }

    @Override
    public Outcome<KeyView> decide(Situation situation) {
        var state = situation.growing(target);
        var made = imported(situation);
        try {
            var operations = key.requireLegal(made.spec());
            return NewKey.added(situation, target, state, made, key, operations, Optional.empty());
        } catch (VaultException e) {
            made.close();
            throw e;
        }
    }

    private MadeKey imported(Situation situation) {
        try {
            return situation.keys().importJwk(jwk);
        } catch (KeyRefusedException e) {
            throw KeyUse.refused(e);
        }
    }

    @Override
    public void close() {
        jwk.close();
    }
}
