package dev.kluis.operator.rest;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A request's body as it comes, for a route that takes more than memory should hold: at most {@value #AHEAD} chunks are
 * here, and the client waits while they are not read. What is read comes from a virtual thread; what is offered, from the
 * connection's event loop.
 */
final class BodyStream extends InputStream {

    /** How many chunks are asked for before they are read. */
    static final int AHEAD = 4;

    private sealed interface Piece {

        @SuppressWarnings("ArrayRecordComponent") // compared by nobody
        record Chunk(byte[] bytes) implements Piece {}

        record End() implements Piece {}

        record Broken() implements Piece {}
    }

    private final long limit;
    private final Duration patience;
    private final Consumer<BodyStream> begin;
    private final Runnable more;
    private final BlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();
    private byte[] chunk = {};
    private int at;
    private long taken;
    private boolean begun;
    private boolean ended;

    /**
     * @param limit the most bytes that are taken
     * @param patience how long the next bytes may keep somebody waiting
     * @param begin asks for the first {@value #AHEAD} chunks to be offered to it: nothing comes before somebody reads
     * @param more asks for another chunk
     */
    BodyStream(long limit, Duration patience, Consumer<BodyStream> begin, Runnable more) {
        this.limit = limit;
        this.patience = patience;
        this.begin = begin;
        this.more = more;
    }

    void offer(byte[] bytes) {
        pieces.add(new Piece.Chunk(bytes));
    }

    void end() {
        pieces.add(new Piece.End());
    }

    void breakOff() {
        pieces.add(new Piece.Broken());
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    /** @throws RestException when more comes than the limit, or nothing */
    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, into.length);
        if (length == 0) {
            return 0;
        }
        while (at == chunk.length && !ended) {
            next();
        }
        if (ended) {
            return -1;
        }
        int some = Math.min(length, chunk.length - at);
        System.arraycopy(chunk, at, into, offset, some);
        at += some;
        return some;
    }

    private void next() {
        Arrays.fill(chunk, (byte) 0);
        if (!begun) {
            begun = true;
            begin.accept(this);
        }
        switch (await()) {
            case Piece.Chunk(byte[] bytes) -> {
                chunk = bytes;
                at = 0;
                taken += bytes.length;
                if (taken > limit) {
                    throw Body.tooLarge(limit);
                }
                more.run();
            }
            case Piece.End end -> ended = true;
            case Piece.Broken broken -> throw Body.brokeOff();
        }
    }

    private Piece await() {
        try {
            var piece = pieces.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (piece == null) {
                throw RestException.timeout("nothing of the body came for " + patience.toSeconds() + " seconds");
            }
            return piece;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw RestException.unavailable("Stopping", "Kluis is stopping", 1);
        }
    }
}
