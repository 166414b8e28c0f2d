package dev.kluis.operator.rest;

import static io.vertx.core.http.HttpHeaders.createOptimized;

import dev.kluis.operator.rest.Request.Source;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.Arrays;
import java.util.regex.Pattern;

/** Sends responses, with the headers that all have. Names and values that never change are made and looked at once. */
final class Sending {

    private static final CharSequence NO_STORE = createOptimized("no-cache, no-store");
    private static final CharSequence PRAGMA = createOptimized("Pragma");
    private static final CharSequence NO_CACHE = createOptimized("no-cache");
    private static final CharSequence EXPIRED = createOptimized("-1");
    private static final CharSequence STRICT_TRANSPORT = createOptimized("Strict-Transport-Security");
    private static final CharSequence A_YEAR = createOptimized("max-age=31536000;includeSubDomains");
    private static final CharSequence CONTENT_TYPE_OPTIONS = createOptimized("X-Content-Type-Options");
    private static final CharSequence NO_SNIFF = createOptimized("nosniff");
    private static final CharSequence JSON = createOptimized("application/json; charset=utf-8");
    private static final CharSequence REQUEST_ID = createOptimized("x-ms-request-id");
    private static final CharSequence CLIENT_REQUEST_ID = createOptimized("x-ms-client-request-id");
    private static final Pattern CLIENT_REQUEST_ID_FORM = Pattern.compile("[0-9A-Za-z-]{1,64}");

    private Sending() {}

    /** Fills the body with zeros when it is handed on, or nobody waits for it any more. */
    static void send(HttpServerRequest http, Response response, Source source) {
        var out = http.response();
        if (out.ended() || out.closed()) {
            Arrays.fill(response.body(), (byte) 0);
            return;
        }
        out.setStatusCode(response.status());
        out.putHeader(HttpHeaders.CACHE_CONTROL, NO_STORE)
                .putHeader(PRAGMA, NO_CACHE)
                .putHeader(HttpHeaders.EXPIRES, EXPIRED)
                .putHeader(STRICT_TRANSPORT, A_YEAR)
                .putHeader(CONTENT_TYPE_OPTIONS, NO_SNIFF)
                .putHeader(REQUEST_ID, source.id());
        String client = http.getHeader(CLIENT_REQUEST_ID);
        if (client != null && CLIENT_REQUEST_ID_FORM.matcher(client).matches()) {
            out.putHeader(CLIENT_REQUEST_ID, client);
        }
        if (response.body().length > 0) {
            out.putHeader(HttpHeaders.CONTENT_TYPE, JSON);
        }
        response.headers().forEach(out::putHeader);
        boolean late = response.status() == RestException.TIMEOUT;
        if (late && http.version() != HttpVersion.HTTP_2) {
            out.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        var sent = out.end(Buffer.buffer(response.body()));
        if (late) {
            // Nobody waits any longer for what did not come in time.
            var _ = sent.onComplete(done -> end(http));
        }
        Arrays.fill(response.body(), (byte) 0);
    }

    /** Ends a request whose client is not done: with its stream, or with its connection where that is the same. */
    static void end(HttpServerRequest http) {
        if (http.version() == HttpVersion.HTTP_2) {
            http.response().reset();
        } else {
            var _ = http.connection().close();
        }
    }
}
