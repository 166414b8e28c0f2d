package dev.kluis.operator.rest;

import dev.kluis.vault.Caller;
import dev.kluis.vault.Operation;
import dev.kluis.vault.Vault;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.VaultException.Code;
import dev.kluis.vault.VaultId;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;

/**
 * What a route's handler gets. Paths and queries are an attacker's: nothing but their form was looked at.
 *
 * @param parameters of the path, by name
 * @param query by name
 * @param body within the route's limit; empty where it is streamed
 * @param stream the body as it comes, within the route's limit, where it is streamed
 * @param base the URL below which the route's paths are, as the client called it, without a slash at its end
 * @param addressed the vault, for a route in a vault
 * @param byHost the vault was named by the host, so that the client may not know its namespace
 * @param authenticated who calls, where the route needs a token
 * @param engine where the route needs it
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record Request(
        Map<String, String> parameters,
        Map<String, String> query,
        byte[] body,
        InputStream stream,
        String base,
        Optional<VaultId> addressed,
        boolean byHost,
        Optional<Caller> authenticated,
        Optional<Vault> engine,
        Source source) {

    /**
     * Where a request came from, for the audit.
     *
     * @param address of the other end of the connection
     * @param client its User-Agent, an attacker's text: at most 256 printable ASCII characters
     * @param path as it came, without the query
     * @param id of this request, a UUID, which the response tells
     */
    public record Source(String address, String client, String path, String id) {}

    /** The same with its body. */
    Request with(byte[] all) {
        return new Request(parameters, query, all, stream, base, addressed, byHost, authenticated, engine, source);
    }

    /** The same with its body as it comes. */
    Request reading(InputStream coming) {
        return new Request(parameters, query, body, coming, base, addressed, byHost, authenticated, engine, source);
    }

    /** Where it came from, in the words of the audit. */
    public dev.kluis.vault.Source asked() {
        return new dev.kluis.vault.Source(
                Optional.of(source.address()),
                Optional.of(source.client()),
                Optional.of(source.path()),
                query("api-version"));
    }

    /** Does it for who calls. */
    public <R> R execute(Operation<R> operation) {
        try {
            return vaults().execute(caller(), asked(), operation);
        } catch (VaultException e) {
            if (byHost && e.code() == Code.FORBIDDEN) {
                // The door's text names the vault's namespace.
                throw Refusals.forbidden(caller(), operation);
            }
            throw Refusals.of(e, operation);
        }
    }

    public Caller caller() {
        return authenticated.orElseThrow();
    }

    /** The door, for what it tells without an operation. */
    public Vault vaults() {
        return engine.orElseThrow();
    }

    public VaultId vault() {
        return addressed.orElseThrow();
    }

    /** A parameter that the route's pattern demands. */
    public String parameter(String name) {
        return optionalParameter(name).orElseThrow();
    }

    public Optional<String> optionalParameter(String name) {
        return Optional.ofNullable(parameters.get(name));
    }

    public Optional<String> query(String name) {
        return Optional.ofNullable(query.get(name));
    }

    /** A whole number in the query, at most nine digits. */
    public Optional<Integer> queryNumber(String name) {
        return query(name).map(text -> {
            if (!text.matches("[0-9]{1,9}")) {
                throw RestException.badParameter("'" + name + "' is not a whole number");
            }
            return Integer.parseInt(text);
        });
    }

    /** Neither body nor token. */
    @Override
    public String toString() {
        return "Request[" + source.id() + "]";
    }
}
