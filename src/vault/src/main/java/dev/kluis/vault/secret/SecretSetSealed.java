package dev.kluis.vault.secret;

import dev.kluis.crypto.SealedBytesException;
import dev.kluis.crypto.SecretBytes;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.ObjectOperation;
import dev.kluis.vault.Ownership;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.access.Action;
import dev.kluis.vault.object.ObjectState;
import dev.kluis.vault.object.ObjectVersion;
import dev.kluis.vault.seal.SealedText;
import dev.kluis.vault.secret.SecretOperations.SecretSet;
import java.util.Map;
import java.util.Optional;

/**
 * Makes a new version of a value that was sealed for exactly this object; opened inside, so no face ever has it. When the
 * value is the current one already, the text is remembered and no version is made.
 *
 * @param sealed {@code kluis1:...}
 * @param rotate the handled rotate value of the calling resource from now on; absent keeps what is there
 * @param ifRevision the revision that the caller decided on, 0 for none: another one is a conflict
 */
public record SecretSetSealed(
        ObjectId target, String sealed, SecretAttributes attributes, Optional<String> rotate, Optional<Long> ifRevision)
        implements ObjectOperation<ObjectVersion> {

    @Override
    public Action action() {
        return Action.SECRET_SET;
    }

    @Override
    public Optional<String> version(ObjectVersion answer) {
        return Optional.of(answer.id());
    }

    @Override
    public Outcome<ObjectVersion> decide(Situation situation) {
        var value = open(situation);
        try {
            var current = situation
                    .object()
                    .map(Existing::state)
                    .filter(ObjectState::active)
                    .map(ObjectState::current)
                    .filter(version ->
                            version.commitment().equals(situation.commitment().apply(value)));
            if (current.isPresent()) {
                var existing = situation.object().orElseThrow();
                value.close();
                return taken(new Outcome.Put<>(
                        existing.state(),
                        Map.of(),
                        Ownership.handled(existing.header().ownership(), rotate),
                        current.get()));
            }
            var decided = new SecretSet(target, value, attributes, rotate, ifRevision).decide(situation);
            return taken((Outcome.Put<ObjectVersion>) decided);
        } catch (VaultException e) {
            value.close();
            throw e;
        }
    }

    private SecretBytes open(Situation situation) {
        try {
            return SealedText.open(target, sealed, situation.vault()::recipient);
        } catch (SealedBytesException e) {
            throw new VaultException(
                    VaultException.Code.BAD_PARAMETER, "the sealed value does not open: " + e.getMessage());
        }
    }

    private Outcome<ObjectVersion> taken(Outcome.Put<ObjectVersion> put) {
        return new Outcome.Put<>(
                put.state(),
                put.values(),
                put.ownership().map(ownership -> ownership.taken(SealedText.hash(sealed))),
                put.answer());
    }
}
