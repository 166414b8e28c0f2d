package dev.kluis.vault.key;

import dev.kluis.vault.ObjectId;
import dev.kluis.vault.ObjectOperation;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.VaultException.Code;
import dev.kluis.vault.access.Action;
import dev.kluis.vault.object.KeyDetail;
import dev.kluis.vault.object.VersionView;
import java.util.Optional;

/**
 * Asks for a key under its release policy. It is always refused: what a policy demands of an environment is proved by an
 * attestation, and none is trusted here yet.
 *
 * @param version 32 lower-case hex characters; empty is the current one
 */
public record KeyRelease(ObjectId target, Optional<String> version) implements ObjectOperation<VersionView> {

    @Override
    public Action action() {
        return Action.KEY_RELEASE;
    }

    @Override
    public Outcome<VersionView> decide(Situation situation) {
        var asked = situation.active(target).state().required(target, version);
        throw new VaultException(
                Code.OPERATION_FORBIDDEN,
                KeyDetail.of(asked).exportable()
                        ? "Operation release is not permitted: no attestation authority is trusted here, so that no"
                                + " release policy can be fulfilled"
                        : "Operation release is not permitted on this key: it is not exportable");
    }
}
