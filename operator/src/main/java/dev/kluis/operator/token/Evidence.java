package dev.kluis.operator.token;

/** What an access token was given for. It is looked at again as long as the token is used. */
sealed interface Evidence {

    /**
     * A ServiceAccount's token.
     *
     * @param audience for which the API server reviews it
     */
    record Assertion(String token, String audience) implements Evidence {
        /** Not the token. */
        @Override
        public String toString() {
            return "Assertion[" + audience + "]";
        }
    }

    /**
     * A declared client's secret.
     *
     * @param version of the secret in its vault: with another one the token is of no use
     */
    record ClientSecret(String client, String version) implements Evidence {}
}
