package dev.kluis.operator.rest;

import dev.kluis.operator.TestOperator;
import dev.kluis.operator.identity.ServerIdentity;
import dev.kluis.operator.identity.TokenAuthenticator;
import java.util.List;
import java.util.UUID;

/** Servers of routes that a test makes up, without an engine; tokens are proved by the operator's API server. */
final class TestServers {

    private TestServers() {}

    static RestServer serving(TestOperator operator, ServerIdentity identity, List<Route> routes, Limits limits) {
        return new RestServer(
                new RestServer.Address(0, "adfs", identity),
                new TokenAuthenticator(operator.client(), operator.clock(), System::nanoTime),
                () -> true,
                operator.clock(),
                UUID::randomUUID,
                new FairShares(2, System::nanoTime),
                routes,
                limits);
    }
}
