package dev.kluis.vault.key;

import dev.kluis.crypto.SealedBytesException;
import dev.kluis.crypto.SecretBytes;
import dev.kluis.crypto.key.KeyRefusedException;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.ObjectOperation;
import dev.kluis.vault.Ownership;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.VaultException.Code;
import dev.kluis.vault.access.Action;
import dev.kluis.vault.object.ObjectRules;
import dev.kluis.vault.object.ObjectState;
import dev.kluis.vault.object.VersionView;
import dev.kluis.vault.seal.SealedText;
import java.util.Map;
import java.util.Optional;

/**
 * Takes a key in that was sealed, as a JWK, for exactly this object; opened inside, so no face ever has it. When it is the
 * current one already, the text is remembered and no version is made.
 *
 * @param sealed {@code kluis1:...}
 * @param wanted what kind of key it has to be
 * @param rotate the handled rotate value of the calling resource from now on; absent keeps what is there
 * @param ifRevision the revision that the caller decided on, 0 for none: another one is a conflict
 */
public record KeyImportSealed(
        ObjectId target,
        String sealed,
        WantedKey wanted,
        NewKey key,
        Optional<String> rotate,
        Optional<Long> ifRevision)
        implements ObjectOperation<VersionView> {

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
            wanted.requireFits(made.spec());
            var operations = key.requireLegal(made.spec());
            boolean current = !state.versions().isEmpty()
                    && state.current()
                            .commitment()
                            .equals(situation.commitment().apply(made.stored()));
            if (current) {
                made.close();
                return taken(unchanged(situation, state));
            }
            return taken(NewKey.added(situation, target, state, made, key, operations, rotate));
        } catch (VaultException e) {
            made.close();
            throw e;
        }
    }

    private Outcome.Put<VersionView> unchanged(Situation situation, ObjectState state) {
        return new Outcome.Put<>(
                state,
                Map.of(),
                Ownership.handled(situation.ownership(), rotate),
                VersionView.of(target, state, state.current()));
    }

    private MadeKey imported(Situation situation) {
        try (var text = open(situation);
                var jwk = BroughtJwk.parse(text);
                var members = jwk.members()) {
            return situation.keys().importJwk(members);
        } catch (KeyRefusedException e) {
            throw KeyRules.refused(e);
        }
    }

    private SecretBytes open(Situation situation) {
        try {
            return SealedText.open(target, sealed, situation.vault()::recipient);
        } catch (SealedBytesException e) {
            throw new VaultException(Code.BAD_PARAMETER, "the sealed key does not open: " + e.getMessage());
        }
    }

    private Outcome<VersionView> taken(Outcome.Put<VersionView> put) {
        return new Outcome.Put<>(
                put.state(),
                put.values(),
                put.ownership().map(ownership -> ownership.taken(SealedText.hash(sealed))),
                put.answer());
    }
}
