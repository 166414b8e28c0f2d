package dev.kluis.operator.identity;

import dev.kluis.vault.Caller;
import java.util.Optional;

/** Proves whose a token is. */
@FunctionalInterface
public interface Authentication {

    /**
     * Who calls.
     *
     * @param token as it came: an attacker's, until it is proved
     * @throws AuthenticationException when it proves nothing
     */
    Caller authenticate(String token);

    /**
     * Whose a token is that was proved a short while ago and is remembered: as {@link #authenticate} would say, without
     * waiting for anything.
     */
    default Optional<Caller> known(String token) {
        return Optional.empty();
    }
}
