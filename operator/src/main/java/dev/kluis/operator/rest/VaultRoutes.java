package dev.kluis.operator.rest;

import dev.kluis.operator.rest.Route.Method;
import dev.kluis.vault.VaultOperations.VaultAcceptRestore;
import java.util.List;

/** What is done to a vault itself that no resource says. */
public final class VaultRoutes {

    private VaultRoutes() {}

    public static List<Route> routes() {
        return List.of(Route.inVault(Method.POST, "acceptrestore", request -> {
            request.execute(new VaultAcceptRestore(request.vault()));
            return Response.noContent();
        }));
    }
}
