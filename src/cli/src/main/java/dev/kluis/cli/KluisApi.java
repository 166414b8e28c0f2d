package dev.kluis.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.kluis.crypto.TrustedAuthorities;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/** Kluis's API as the command calls it. What is refused becomes a {@link CommandException}. */
final class KluisApi implements AutoCloseable {

    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofSeconds(60);
    private static final Duration UPLOAD = Duration.ofHours(1);
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final int UNAUTHORIZED = 401;
    private static final int THROTTLED = 429;
    /** How often a call is made again that was one too many. */
    private static final int PATIENCE = 5;

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

    private final URI server;
    private final Supplier<String> newerTokens;
    private String token;
    private final AutoCloseable transport;
    private final HttpClient http;

    /**
     * @param authority that alone is trusted, PEM
     * @param token to call with; empty is none
     * @param newerTokens gives another one when that has had its time
     * @param transport is closed with this
     */
    KluisApi(URI server, String authority, String token, Supplier<String> newerTokens, AutoCloseable transport) {
        this.server = server;
        this.newerTokens = newerTokens;
        this.token = token;
        this.transport = transport;
        this.http = HttpClient.newBuilder()
                .sslContext(trusting(authority))
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT)
                .build();
    }

    /** Writes a request's body, one JSON value. */
    @FunctionalInterface
    interface Body {
        void write(JsonGenerator json) throws IOException;
    }

    JsonNode get(String path) {
        return send("GET", path, HttpRequest.BodyPublishers.noBody());
    }

    JsonNode delete(String path) {
        return send("DELETE", path, HttpRequest.BodyPublishers.noBody());
    }

    JsonNode send(String method, String path) {
        return send(method, path, HttpRequest.BodyPublishers.noBody());
    }

    JsonNode send(String method, String path, Body body) {
        var bytes = new ByteArrayOutputStream();
        try (var json = JSON.createGenerator(bytes)) {
            body.write(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        byte[] content = bytes.toByteArray();
        try {
            return send(method, path, HttpRequest.BodyPublishers.ofByteArray(content));
        } finally {
            Arrays.fill(content, (byte) 0);
        }
    }

    /**
     * Sends bytes that are no secret, as they are read, which may take as long as a restore takes; none before the server
     * says that it takes them.
     *
     * @param content is read once
     */
    JsonNode upload(String path, long length, Supplier<InputStream> content) {
        var body = HttpRequest.BodyPublishers.fromPublisher(HttpRequest.BodyPublishers.ofInputStream(content), length);
        return answer(exchange(request("POST", path, body, UPLOAD).expectContinue(true)));
    }

    /** All entries of a list, page by page. */
    List<JsonNode> list(String path) {
        var all = new ArrayList<JsonNode>();
        String next = path;
        while (next != null) {
            var page = get(next);
            page.path("value").forEach(all::add);
            String link = page.path("nextLink").textValue();
            next = link == null ? null : relative(link);
        }
        return all;
    }

    /** A link names the host as it was called; only its path is followed, so that no answer leads elsewhere. */
    private static String relative(String link) {
        var url = URI.create(link);
        return url.getRawPath() + "?" + url.getRawQuery();
    }

    private JsonNode send(String method, String path, HttpRequest.BodyPublisher body) {
        var response = exchange(request(method, path, body, ANSWER));
        if (response.statusCode() == UNAUTHORIZED && renewed()) {
            response = exchange(request(method, path, body, ANSWER));
        }
        for (int again = 0; response.statusCode() == THROTTLED && again < PATIENCE; again++) {
            await(response);
            response = exchange(request(method, path, body, ANSWER));
        }
        return answer(response);
    }

    /** What takes long outlives its token. */
    private boolean renewed() {
        String newer = token.isEmpty() ? "" : newerTokens.get();
        boolean other = !newer.equals(token);
        token = newer;
        return other;
    }

    /** As long as the server says (RFC 9110 §10.2.3), within reason. */
    private static void await(HttpResponse<?> response) {
        long seconds = response.headers()
                .firstValue("Retry-After")
                .filter(text -> text.matches("[0-9]{1,4}"))
                .map(Long::parseLong)
                .orElse(1L);
        try {
            Thread.sleep(Duration.ofSeconds(Math.min(seconds, LONGEST_WAIT.toSeconds())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException(Exit.UNREACHABLE, "interrupted");
        }
    }

    private HttpRequest.Builder request(String method, String path, HttpRequest.BodyPublisher body, Duration limit) {
        var request = HttpRequest.newBuilder(server.resolve(path))
                .timeout(limit)
                .header("User-Agent", "kluis/" + VersionCommand.version())
                .method(method, body);
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return request;
    }

    private static JsonNode answer(HttpResponse<byte[]> response) {
        var answer = tree(response.body());
        if (response.statusCode() / 100 != 2) {
            throw refused(response.statusCode(), answer);
        }
        return answer;
    }

    private HttpResponse<byte[]> exchange(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new CommandException(Exit.UNREACHABLE, "Kluis cannot be reached at " + server + ": " + why(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException(Exit.UNREACHABLE, "interrupted");
        }
    }

    private static String why(IOException failure) {
        return switch (failure) {
            case ConnectException none -> "nothing answers there; is the operator running?";
            case SSLException untrusted ->
                "its certificate is not one of the authority that is trusted; --ca-file says which";
            case HttpTimeoutException late -> "it does not answer in time";
            default -> "the connection broke";
        };
    }

    private static JsonNode tree(byte[] body) {
        try {
            return body.length == 0 ? MissingNode.getInstance() : JSON.readTree(body);
        } catch (IOException e) {
            throw new CommandException(Exit.UNREACHABLE, "what answers there is not Kluis");
        } finally {
            Arrays.fill(body, (byte) 0);
        }
    }

    private static CommandException refused(int status, JsonNode answer) {
        String message = answer.path("error").path("message").asText("status " + status);
        return switch (status) {
            case 400, 405, 408, 413 -> new CommandException(Exit.USAGE, message);
            case 401 ->
                CommandException.forbidden(message + "\nA token is for the audience '" + Cluster.AUDIENCE
                        + "': kubectl create token NAME --audience kluis makes one");
            case 403 ->
                answer.path("error").path("innererror").path("code").asText().startsWith("ForbiddenBy")
                        ? CommandException.forbidden(message)
                        : new CommandException(Exit.REFUSED, message);
            case 404 -> new CommandException(Exit.NOT_FOUND, message);
            case 409 -> new CommandException(Exit.CONFLICT, message);
            case 429, 502, 503, 504 ->
                new CommandException(Exit.UNREACHABLE, message + "\n'kluis status' tells more; trying again may help");
            default -> new CommandException(Exit.FAULT, message);
        };
    }

    private static SSLContext trusting(String authority) {
        try {
            return TrustedAuthorities.in(authority);
        } catch (CertificateException e) {
            throw CommandException.usage("the certificate authority's file holds no certificate in PEM");
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
        try {
            transport.close();
        } catch (Exception e) {
            // What was asked is answered; how the way to it ends is of no interest.
        }
    }
}
