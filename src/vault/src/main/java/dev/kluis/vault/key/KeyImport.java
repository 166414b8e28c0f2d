package dev.kluis.vault.key;

import dev.kluis.crypto.key.JwkMembers;
import dev.kluis.crypto.key.KeyRefusedException;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.ObjectOperation;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.access.Action;
import dev.kluis.vault.object.ObjectRules;
import dev.kluis.vault.object.VersionView;
import java.util.Optional;

/**
 * Takes a key in that was made elsewhere, as a new version.
 *
 * @param jwk closed by the door
 * @param rotate the handled rotate value of the calling resource from now on; absent keeps what is there
 * @param ifRevision the revision that the caller decided on, 0 for none: another one is a conflict
 */
public record KeyImport(ObjectId target, JwkMembers jwk, NewKey key, Optional<String> rotate, Optional<Long> ifRevision)
        implements ObjectOperation<VersionView> {

    public KeyImport(ObjectId target, JwkMembers jwk, NewKey key) {
        this(target, jwk, key, Optional.empty(), Optional.empty());
    }

    @Override
    public Action action() {
        return Action.KEY_IMPORT;
    }

    @Override
    public Optional<String> version(VersionView answer) {
        return Optional.of(answer.version().id());
    }

    @Override
    public Outcome<VersionView> decide(Situation situation) {
        ObjectRules.requireLegalRotate(rotate);
        situation.requireRevision(target, ifRevision);
        var state = situation.growing(target);
        var made = imported(situation);
        try {
            var operations = key.requireLegal(made.spec());
            return NewKey.added(situation, target, state, made, key, operations, rotate);
        } catch (VaultException e) {
            made.close();
            throw e;
        }
    }

    private MadeKey imported(Situation situation) {
        try {
            return situation.keys().importJwk(jwk);
        } catch (KeyRefusedException e) {
            throw KeyRules.refused(e);
        }
    }

    @Override
    public void close() {
        jwk.close();
    }
}
