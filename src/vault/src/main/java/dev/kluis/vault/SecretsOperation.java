package dev.kluis.vault;

import dev.kluis.vault.access.Action;
import java.util.stream.Stream;

/**
 * A question about the secrets of a vault. It is answered from those that the caller may see, so that who may read one
 * secret sees a list of one, and from nothing else.
 */
public non-sealed interface SecretsOperation<R> extends Operation<R> {

    VaultId vault();

    @Override
    default ObjectId target() {
        return ObjectId.vault(vault());
    }

    @Override
    default Action action() {
        return Action.SECRET_READ_METADATA;
    }

    R decide(Visible secrets);

    /** What the decision sees. */
    @FunctionalInterface
    interface Visible {

        /**
         * The secrets that the caller may see, deleted ones too, by name.
         *
         * @param name those after this one, in lower case; empty is from the start
         */
        Stream<SecretOperation.Existing> after(String name);
    }
}
