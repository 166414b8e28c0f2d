package dev.kluis.operator.rest;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * A request's body, which does not come before it is asked for, and of which no more is kept than its route allows. What
 * nobody asks for is thrown away when the response is written, up to a limit. All but {@link #read} is called by the
 * connection's event loop.
 */
final class Body {

    /** What is thrown away before the connection is closed instead. */
    private static final int DISCARDED = 1024 * 1024;

    private final HttpServerRequest http;
    private final Kept kept = new Kept();
    private final CompletableFuture<byte[]> complete = new CompletableFuture<>();
    private long discarded;
    private int limit;
    private boolean wanted;

    Body(HttpServerRequest http) {
        this.http = http;
        http.handler(this::take);
        http.endHandler(end -> complete.complete(kept.take()));
        http.exceptionHandler(failure -> {
            kept.wipe();
            complete.completeExceptionally(new RestException(400, "BadRequest", "", "the request broke off"));
        });
        http.pause();
    }

    /** From now on it comes. */
    void want(int bytes) {
        limit = bytes;
        wanted = true;
        http.resume();
    }

    /** Whatever comes now is of no use. */
    void discard() {
        wanted = false;
        kept.wipe();
        http.resume();
    }

    private void take(Buffer chunk) {
        if (wanted && kept.size() + chunk.length() <= limit) {
            byte[] bytes = chunk.getBytes();
            kept.writeBytes(bytes);
            Arrays.fill(bytes, (byte) 0);
            return;
        }
        if (wanted) {
            discard();
            complete.completeExceptionally(tooLarge(limit));
        }
        discarded += chunk.length();
        if (discarded > DISCARDED) {
            var _ = http.connection().close();
        }
    }

    /** Waits for all of it; the deadline of the request ends the wait. */
    byte[] read() throws InterruptedException {
        try {
            return complete.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RestException refused ? refused : new IllegalStateException(e.getCause());
        }
    }

    static RestException tooLarge(int limit) {
        return new RestException(
                413,
                "RequestEntityTooLarge",
                "",
                "the body has more than the " + limit + " bytes that are allowed here");
    }

    private static final class Kept extends ByteArrayOutputStream {

        Kept() {
            super(0);
        }

        byte[] take() {
            byte[] bytes = toByteArray();
            wipe();
            return bytes;
        }

        void wipe() {
            Arrays.fill(buf, (byte) 0);
            reset();
        }
    }
}
