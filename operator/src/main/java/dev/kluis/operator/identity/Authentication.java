package dev.kluis.operator.identity;

import dev.kluis.vault.Caller;

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
}
