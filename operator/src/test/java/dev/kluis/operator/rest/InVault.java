package dev.kluis.operator.rest;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kluis.crypto.SealingKey;
import dev.kluis.operator.rest.Route.Scope;
import dev.kluis.vault.Caller;
import dev.kluis.vault.Owner;
import dev.kluis.vault.Timekeeper;
import dev.kluis.vault.Vault;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.VaultOperations.VaultPut;
import dev.kluis.vault.VaultSettings;
import dev.kluis.vault.access.Assignment;
import dev.kluis.vault.access.Assignments;
import dev.kluis.vault.access.Role;
import dev.kluis.vault.access.Subject;
import dev.kluis.vault.key.SoftwareKeys;
import dev.kluis.vault.seal.RootKeySeal;
import dev.kluis.vault.store.MemoryAnchor;
import dev.kluis.vault.store.MemoryStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Routes of an engine on a memory store, called as the server calls them, without a connection. */
final class InVault implements AutoCloseable {

    private static final VaultId ID = new VaultId("team", "payments");
    private static final Caller.ServiceAccount CALLER =
            new Caller.ServiceAccount("team", "caller", "uid", Optional.empty());
    private static final Request.Source SOURCE = new Request.Source("127.0.0.1", "test", "/", "an-id");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final RouteTable table;
    private final Vault engine;

    InVault(Role role, List<Route> routes) throws InterruptedException {
        var random = new SecureRandom();
        var assignments = new Assignments();
        assignments.put(new Assignment(
                "team/caller",
                ID,
                role,
                List.of(new Subject.ServiceAccount("team", "caller")),
                dev.kluis.vault.access.Scope.WHOLE_VAULT,
                Optional.empty()));
        table = new RouteTable(routes);
        engine = new Vault(new Vault.Surroundings(
                new MemoryStore(),
                new MemoryAnchor(),
                new RootKeySeal("test", SealingKey.generate(random), random),
                assignments,
                line -> {},
                header -> {},
                new Timekeeper(InstantSource.system(), System::nanoTime),
                random,
                new SoftwareKeys(random, chosen -> {})));
        if (!engine.awaitReady(Duration.ofSeconds(10))) {
            throw new IllegalStateException("the engine did not get ready");
        }
        engine.execute(
                new Caller.Resource(new Owner("Vault", "team", "payments"), "uid"),
                new VaultPut(ID, new VaultSettings(90, false, new TreeSet<>(), Optional.empty())));
    }

    /** What came back. */
    record Answer(int status, JsonNode body) {

        String code() {
            return body.path("error").path("code").asText();
        }

        String inner() {
            return body.path("error").path("innererror").path("code").asText();
        }

        String message() {
            return body.path("error").path("message").asText();
        }
    }

    /** @param uri below the vault, with a slash at its begin */
    Answer call(String method, String uri, String body) {
        return call(method, uri, body.getBytes(UTF_8));
    }

    Answer call(String method, String uri, byte[] body) {
        Response response;
        try {
            var target = Target.parse(uri);
            var found = table.find(Scope.VAULT, method, target.segments());
            found.route().check().require(request(found, target, new byte[0]));
            response = found.route().handler().handle(request(found, target, body));
        } catch (RuntimeException e) {
            response = Refusals.of(e, SOURCE).response();
        }
        return new Answer(response.status(), json(response.body()));
    }

    private Request request(RouteTable.Found found, Target target, byte[] body) {
        return new Request(
                found.parameters(),
                target.query(),
                body,
                InputStream.nullInputStream(),
                "https://vault.test",
                Optional.of(ID),
                true,
                Optional.of(CALLER),
                Optional.of(engine),
                SOURCE);
    }

    private static JsonNode json(byte[] body) {
        try {
            return body.length == 0 ? JSON.createObjectNode() : JSON.readTree(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String json(Map<String, ?> members) {
        try {
            return JSON.writeValueAsString(members);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        engine.close();
    }
}
