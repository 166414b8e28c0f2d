package dev.kluis.vault.backup;

import dev.kluis.crypto.SigningKey;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.VaultOperation;
import dev.kluis.vault.access.Action;

/** Tells by what the backups of a vault are known: the vault's incarnation, which is in their names, and who signs them. */
public record VaultBackupIdentity(VaultId vault) implements VaultOperation<VaultBackupIdentity.Identity> {

    /**
     * @param incarnation 32 hex characters
     * @param signer the vault's verifying key, 64 hex characters
     */
    public record Identity(String incarnation, String signer) {

        static Identity of(String incarnation, SigningKey signer) {
            return new Identity(incarnation, signer.verifyingKey().hex());
        }
    }

    @Override
    public Action action() {
        return Action.VAULT_READ;
    }

    @Override
    public Outcome<Identity> decide(Situation situation) {
        var existing = situation.existing(vault);
        return new Outcome.Answer<>(
                Identity.of(existing.header().incarnation(), BackupHeader.signingKey(existing.state())));
    }
}
