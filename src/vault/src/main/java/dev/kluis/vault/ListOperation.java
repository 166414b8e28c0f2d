package dev.kluis.vault;

import dev.kluis.vault.access.Action;
import dev.kluis.vault.access.ObjectActions;
import java.util.stream.Stream;

/**
 * A question about the objects of one kind in a vault. It is answered from those that the caller may see, so that who may
 * read one sees a list of one, and from nothing else.
 */
public non-sealed interface ListOperation<R> extends Operation<R> {

    VaultId vault();

    /** What is listed. */
    ObjectKind kind();

    @Override
    default ObjectId target() {
        return ObjectId.vault(vault());
    }

    @Override
    default Action action() {
        return ObjectActions.of(kind()).read();
    }

    R decide(Visible objects);

    /** What the decision sees. */
    @FunctionalInterface
    interface Visible {

        /**
         * The objects that the caller may see, deleted ones too, by name.
         *
         * @param name those after this one, in lower case; empty is from the start
         */
        Stream<ObjectOperation.Existing> after(String name);
    }
}
