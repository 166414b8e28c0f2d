package dev.kluis.vault.audit;

import dev.kluis.vault.audit.AuditSink.Told;
import dev.kluis.vault.record.RecordHeader;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * The changes whose lines a kill could still swallow: under way, or told and not yet written wherever the policy is to
 * block. Until then the record that a change wrote is all that tells of it, and nothing may take that record's place. As
 * many as there are places in the sinks, and no more.
 */
final class UnsettledChanges {

    /** A change on its way into the audit; its line is empty once it is known that nobody will tell of it. */
    private record Telling(String operationId, CompletableFuture<Optional<Told>> line) {

        Telling(String operationId) {
            this(operationId, new CompletableFuture<>());
        }

        boolean abandoned() {
            return line.isDone() && line.join().isEmpty();
        }

        boolean written() throws InterruptedException {
            return line.getNow(Optional.empty()).orElse(Told.WRITTEN).written(Duration.ZERO);
        }
    }

    private final Map<String, Telling> tellings = new ConcurrentHashMap<>();
    /** Those that were told, about in the order of their lines, so that what is written is found at the head. */
    private final Queue<Telling> told = new ConcurrentLinkedQueue<>();

    /** A change is about to be stored. */
    void begun(String operationId) {
        tellings.compute(
                operationId, (id, before) -> before == null || before.abandoned() ? new Telling(operationId) : before);
    }

    /** An operation was told; of one that changed nothing this is no news. */
    void told(String operationId, Told line) {
        var telling = tellings.get(operationId);
        if (telling != null && telling.line().complete(Optional.of(line))) {
            told.add(telling);
        }
        forgetWritten();
    }

    /** An operation ended; when it was not told by now, whoever needs its line makes it from the record. */
    void ended(String operationId) {
        var telling = tellings.get(operationId);
        if (telling != null) {
            telling.line().complete(Optional.empty());
        }
    }

    private void forgetWritten() {
        try {
            for (var first = told.peek(); first != null && first.written(); first = told.peek()) {
                if (told.remove(first)) {
                    tellings.remove(first.operationId(), first);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Waits until the change that wrote a record cannot be lost any more.
     *
     * @param tell makes its line from the record, where its operation ended without
     * @return false when the limit passed first
     */
    boolean await(RecordHeader written, Duration limit, Function<RecordHeader, Told> tell) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        String operationId = written.operationId();
        for (var telling = tellings.get(operationId); telling != null; telling = tellings.get(operationId)) {
            var line = line(telling, deadline - System.nanoTime());
            if (line.isEmpty()) {
                return false;
            }
            if (line.get().isPresent()) {
                return line.get().get().written(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
            }
            var again = new Telling(operationId);
            if (tellings.replace(operationId, telling, again)) {
                try {
                    told(operationId, tell.apply(written));
                } finally {
                    ended(operationId);
                }
            }
        }
        return true;
    }

    /** Empty when it was not known in time. */
    private static Optional<Optional<Told>> line(Telling telling, long nanos) throws InterruptedException {
        try {
            return Optional.of(telling.line().get(Math.max(0, nanos), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException("no line fails", e);
        }
    }
}
