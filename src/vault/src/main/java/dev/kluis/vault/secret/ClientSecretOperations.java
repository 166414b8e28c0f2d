package dev.kluis.vault.secret;

import dev.kluis.crypto.SecretBytes;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.ObjectOperation;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.VaultException.Code;
import dev.kluis.vault.access.Action;
import dev.kluis.vault.object.ObjectVersion;
import java.util.Optional;

/**
 * What is asked of a secret by which a client proves who it is: its value does not leave the door, and the audit tells a
 * wrong guess as one and not as a read. Who may get the secret may ask.
 */
public final class ClientSecretOperations {

    /** Less can be guessed. In bytes. */
    private static final int SHORTEST = 16;

    private ClientSecretOperations() {}

    /**
     * Whether what a client offers is the secret's value in force; answers the version.
     *
     * @param offered an attacker's guess, or the value; closed by the door
     */
    public record ClientSecretVerify(ObjectId target, SecretBytes offered) implements ObjectOperation<String> {
        @Override
        public Action action() {
            return Action.SECRET_GET;
        }

        @Override
        public Optional<String> version(String answer) {
            return Optional.of(answer);
        }

        @Override
        public Outcome<String> decide(Situation situation) {
            var current = inForce(target, situation);
            try (var value = situation.values().open(current.id())) {
                // In constant time; how long a client's offer is, it knows.
                boolean same = offered.equals(value);
                if (value.length() < SHORTEST) {
                    throw new VaultException(
                            Code.FORBIDDEN, target + " is shorter than the " + SHORTEST + " bytes that prove a client");
                }
                if (!same) {
                    throw new VaultException(Code.FORBIDDEN, "what was offered is not the value of " + target);
                }
            }
            return new Outcome.Answer<>(current.id());
        }

        @Override
        public void close() {
            offered.close();
        }
    }

    /** Which version of a client's secret is in force. */
    public record ClientSecretVersion(ObjectId target) implements ObjectOperation<String> {
        @Override
        public Action action() {
            return Action.SECRET_GET;
        }

        @Override
        public Optional<String> version(String answer) {
            return Optional.of(answer);
        }

        @Override
        public Outcome<String> decide(Situation situation) {
            return new Outcome.Answer<>(inForce(target, situation).id());
        }
    }

    private static ObjectVersion inForce(ObjectId target, ObjectOperation.Situation situation) {
        var current = situation.active(target).state().current();
        var attributes = current.attributes();
        if (!attributes.enabled()) {
            throw new VaultException(Code.DISABLED, target + " is disabled");
        }
        if (attributes.notBefore().filter(situation.now()::isBefore).isPresent()) {
            throw new VaultException(Code.NOT_YET_VALID, target + " is not valid yet");
        }
        if (attributes.expires().filter(end -> !situation.now().isBefore(end)).isPresent()) {
            throw new VaultException(Code.EXPIRED, target + " has expired");
        }
        return current;
    }
}
