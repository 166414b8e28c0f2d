package dev.kluis.operator.rest;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A request's body, which does not come before it is asked for, and of which no more is kept than its route allows. What
 * nobody asks for is thrown away when the response is written, up to a limit. All but {@link #read} and what reads the
 * stream is called by the connection's event loop.
 */
final class Body {

    /** What is thrown away before the connection is closed instead. */
    private static final int DISCARDED = 1024 * 1024;

    private final HttpServerRequest http;
    private final Kept kept = new Kept();
    private final CompletableFuture<byte[]> complete = new CompletableFuture<>();
    private @Nullable BodyStream stream;
    private long discarded;
    private long discardable = DISCARDED;
    private long limit;
    private boolean wanted;

    Body(HttpServerRequest http) {
        this.http = http;
        http.handler(this::take);
        http.endHandler(end -> {
            complete.complete(kept.take());
            if (stream != null) {
                stream.end();
            }
        });
        http.exceptionHandler(failure -> {
            kept.wipe();
            complete.completeExceptionally(brokeOff());
            if (stream != null) {
                stream.breakOff();
            }
        });
        http.pause();
    }

    /** How many bytes its head says that it has, where it says so. */
    static OptionalLong length(HttpServerRequest http) {
        String length = http.getHeader("Content-Length");
        return length == null || !length.matches("[0-9]{1,18}")
                ? OptionalLong.empty()
                : OptionalLong.of(Long.parseLong(length));
    }

    /** How many bytes may come, where so many are allowed. Called by anybody. */
    long most(long allowed) {
        return Math.min(allowed, length(http).orElse(allowed));
    }

    /** From now on it comes. */
    void want(long bytes) {
        goOn();
        limit = bytes;
        wanted = true;
        http.resume();
    }

    /** Where all of this is called. */
    interface EventLoop {
        void run(Handler<Void> work);
    }

    /** The body as a stream, of which nothing comes before it is read. Called by anybody. */
    BodyStream stream(long bytes, Duration patience, EventLoop loop) {
        return new BodyStream(bytes, patience, into -> loop.run(now -> want(into)), () -> loop.run(now -> more()));
    }

    /** From now on it comes as a stream, as it is read. */
    private void want(BodyStream into) {
        goOn();
        if (complete.isCompletedExceptionally()) {
            into.breakOff();
        } else if (complete.isDone()) {
            into.end();
        } else {
            stream = into;
            http.fetch(BodyStream.AHEAD);
        }
    }

    /** A client that sends nothing before it knows that it should (RFC 9110 §10.1.1) is told now: not when it is refused. */
    private void goOn() {
        if ("100-continue".equalsIgnoreCase(http.getHeader("Expect"))) {
            http.response().writeContinue();
        }
    }

    /** Asks for another chunk of the stream. */
    private void more() {
        if (stream != null && !complete.isDone()) {
            http.fetch(1);
        }
    }

    /**
     * Whatever comes now is of no use. A client of a stream that has begun is in the middle of sending, and does not see an
     * answer before it is done.
     *
     * @param most how many bytes of a stream are thrown away before the connection is closed instead
     */
    void discard(long most) {
        if (stream != null) {
            stream = null;
            discardable = Math.max(DISCARDED, most);
        }
        discard();
    }

    private void discard() {
        wanted = false;
        kept.wipe();
        http.resume();
    }

    private void take(Buffer chunk) {
        if (stream != null) {
            stream.offer(chunk.getBytes());
            return;
        }
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
        if (discarded > discardable) {
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

    /** As {@link #read()}, and no longer than this. */
    byte[] read(Duration patience) throws InterruptedException {
        try {
            var _ = complete.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw RestException.timeout("the body was not there within " + patience.toSeconds() + " seconds");
        } catch (ExecutionException e) {
            // Told below.
        }
        return read();
    }

    /** All of it came, and is not needed any more: whoever refused the request has not read it. */
    void wipe() {
        if (complete.isDone() && !complete.isCompletedExceptionally()) {
            Arrays.fill(complete.join(), (byte) 0);
        }
    }

    static RestException brokeOff() {
        return new RestException(400, "BadRequest", "", "the request broke off");
    }

    static RestException tooLarge(long limit) {
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
