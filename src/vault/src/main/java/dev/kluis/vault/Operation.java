package dev.kluis.vault;

import dev.kluis.vault.access.Action;
import java.util.Optional;

/**
 * One thing that a caller can ask of the door, with its input as the caller gave it: the rules of the input are checked
 * inside, after authorisation.
 *
 * @param <R> what it answers
 */
public sealed interface Operation<R> permits ObjectOperation, ListOperation, VaultOperation {

    /** Key Vault's name of the operation, such as {@code SecretGet}; at most 64 characters. */
    default String name() {
        return getClass().getSimpleName();
    }

    ObjectId target();

    Action action();

    /**
     * Whether the values that it has written are its own, since it brought them: then they are not closed after an attempt,
     * for the next one needs them, but by {@link #close}.
     */
    default boolean keepsValues() {
        return false;
    }

    /** Zeroes what it brought; the door calls it when it is done. */
    default void close() {}

    /** The version that an answer is about, for the audit. */
    default Optional<String> version(R answer) {
        return Optional.empty();
    }
}
