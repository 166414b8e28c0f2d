package dev.kluis.vault.model;

import dev.kluis.vault.Caller;
import dev.kluis.vault.Moment;
import dev.kluis.vault.VaultId;
import java.util.Optional;

/**
 * What one caller asks, in the words of the model.
 *
 * @param name of the secret; of no meaning for what is asked of the vault
 * @param moment when, by the engine's clocks
 */
record Call(Caller caller, VaultId vault, String name, Act act, Moment moment) {

    Call at(Moment later) {
        return new Call(caller, vault, name, act, later);
    }

    /** What can be asked. */
    sealed interface Act {}

    /** What can be asked of a secret. */
    sealed interface OnSecret extends Act {}

    /** What can be asked of a vault. */
    sealed interface OnVault extends Act {}

    /** @param value number of the value, which no other version has */
    record SetValue(int value, Optional<Long> ifRevision) implements OnSecret {}

    /** @param value number of the version's value; absent is the current one */
    record Get(Optional<Integer> value) implements OnSecret {}

    record GetMetadata() implements OnSecret {}

    record Patch(Optional<Integer> value, boolean enabled, String type) implements OnSecret {}

    record Delete() implements OnSecret {}

    record Recover() implements OnSecret {}

    record Purge() implements OnSecret {}

    record Keep(boolean keep) implements OnSecret {}

    record Prune(int keep) implements OnSecret {}

    record Backup() implements OnSecret {}

    /** @param blob of a secret that the model knows */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record Restore(byte[] blob, VaultId from, String name, World.Secret secret) implements OnSecret {
        @Override
        public String toString() {
            return "Restore[" + from + "/" + name + " " + secret + "]";
        }
    }

    record PutVault(int days, boolean protection) implements OnVault {}

    record DeleteVault() implements OnVault {}

    record PurgeVault() implements OnVault {}

    record GetVault() implements OnVault {}

    @Override
    public String toString() {
        return caller.name() + " " + vault + (act instanceof OnSecret ? "/" + name : "") + " " + act;
    }
}
