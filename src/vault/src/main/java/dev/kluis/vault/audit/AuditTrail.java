package dev.kluis.vault.audit;

import dev.kluis.vault.Caller;
import dev.kluis.vault.Operation;
import dev.kluis.vault.Source;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.audit.AuditRecord.Identity;
import dev.kluis.vault.audit.AuditRecord.Result;
import dev.kluis.vault.record.RecordHeader;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Makes the audit records of the door: one for each operation that it began, and those that a crash swallowed. */
public final class AuditTrail {

    private static final Duration SETTLED_WITHIN = Duration.ofSeconds(2);

    static final Result BEGUN = new Result("Begun", 202, Optional.empty());
    private static final Result SUCCESS = new Result("Success", 200, Optional.empty());
    static final Result ERROR = new Result("Error", 500, Optional.empty());
    private static final Result UNAVAILABLE = new Result("Error", 503, Optional.empty());

    private final AuditSink sink;
    private final InstantSource clock;
    /** The operations that may have stored a record and are not told yet, with their vaults. */
    private final Map<String, VaultId> writing = new ConcurrentHashMap<>();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ended = lock.newCondition();
    private final UnsettledChanges unsettled = new UnsettledChanges();
    private final Duration patience;

    public AuditTrail(AuditSink sink, InstantSource clock) {
        this(sink, clock, SETTLED_WITHIN);
    }

    /** @param patience how long a change waits at most for the line of the one before it */
    AuditTrail(AuditSink sink, InstantSource clock, Duration patience) {
        this.sink = sink;
        this.clock = clock;
        this.patience = patience;
    }

    /**
     * To be called before an operation stores a record, of which {@link #settle} then waits for the line. When a kill comes
     * before its line is written, the line is made at the next start from the record, which has the last operation's id
     * alone: what is written over has to be told first.
     *
     * @param vault that is written in
     * @param over what is written over
     * @throws AuditUnavailableException when that is not written in time where the policy is to block
     */
    public void beforeWrite(VaultId vault, String operationId, Optional<RecordHeader> over) {
        over.filter(header -> !header.operationId().equals(operationId)).ifPresent(this::beforeLoss);
        unsettled.begun(operationId);
        writing.put(operationId, vault);
    }

    /** To be called before a record goes, as {@link #beforeWrite} is before one takes another's place. */
    public void beforeLoss(RecordHeader written) {
        AuditSink.Told line = limit -> unsettled.await(written, limit, this::tellAgain);
        line.requireWritten(patience, written.id());
    }

    /**
     * Begins an operation, which has then a place for its record.
     *
     * @param started from when its duration counts
     * @throws AuditUnavailableException when it could not be audited: it is not to be begun
     */
    public Entry begin(Caller caller, Source source, Operation<?> operation, String operationId, Instant started) {
        sink.admit();
        return new Entry(caller, source, operation, operationId, started);
    }

    /**
     * Tells of a mutation again, from the record that it wrote: what a crash may have swallowed. The line is marked
     * {@code replayed} and has the correlation id of the first, so that readers drop doubles.
     *
     * @throws AuditUnavailableException when there is no place for it now
     */
    public void replay(RecordHeader written) {
        unsettled.begun(written.operationId());
        try {
            unsettled.told(written.operationId(), tellAgain(written));
        } finally {
            unsettled.ended(written.operationId());
        }
    }

    private AuditSink.Told tellAgain(RecordHeader written) {
        sink.admit();
        return sink.take(new AuditRecord(
                written.time(),
                written.operationId(),
                written.operation(),
                written.id(),
                Optional.empty(),
                Identity.ofActor(written.actor()),
                Source.NONE,
                SUCCESS,
                Optional.empty(),
                Duration.ZERO,
                true));
    }

    /**
     * Waits until every operation that may have stored a record before the call is in the audit, and the audit written
     * where its policy is to block. What was in the store before need then not be replayed after a crash. Operations that
     * only read, or have not come to store anything, however long they take, are not waited for.
     *
     * @param limit of the wait for the operations, and again of that for the audit
     * @return the vaults of which this came true; one where it did not holds up no other
     */
    public Predicate<VaultId> settle(Duration limit) throws InterruptedException {
        var before = Map.copyOf(writing);
        awaitEnd(before.keySet(), limit);
        var behind = before.entrySet().stream()
                .filter(operation -> writing.containsKey(operation.getKey()))
                .map(Map.Entry::getValue)
                .collect(Collectors.toUnmodifiableSet());
        return sink.flush(limit) ? vault -> !behind.contains(vault) : vault -> false;
    }

    private void awaitEnd(Set<String> operations, Duration limit) throws InterruptedException {
        long left = limit.toNanos();
        lock.lockInterruptibly();
        try {
            while (left > 0 && operations.stream().anyMatch(writing::containsKey)) {
                left = ended.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Its text is meant for the caller and holds no secret. */
    static Result refused(VaultException refusal) {
        return new Result(refusal.code().name(), status(refusal.code()), Optional.ofNullable(refusal.getMessage()));
    }

    /** The HTTP status of a refusal (RFC 9110 §15), as Key Vault answers it. */
    private static int status(VaultException.Code code) {
        return switch (code) {
            case FORBIDDEN, DISABLED, OPERATION_FORBIDDEN, NOT_YET_VALID, EXPIRED, MANAGED -> 403;
            case NOT_FOUND -> 404;
            case DELETED, OWNED_BY_ANOTHER, CONFLICT -> 409;
            case UNREADABLE -> 500;
            case SEALED -> 503;
            default -> 400;
        };
    }

    /** One operation under way. It leaves one record: of its success, its refusal or its failure. */
    public final class Entry implements AutoCloseable {

        private final Caller caller;
        private final Source source;
        private final Operation<?> operation;
        private final String operationId;
        private final Instant started;
        private Optional<String> assignment = Optional.empty();
        private boolean told;

        private Entry(Caller caller, Source source, Operation<?> operation, String operationId, Instant started) {
            this.caller = caller;
            this.source = source;
            this.operation = operation;
            this.operationId = operationId;
            this.started = started;
        }

        public String operationId() {
            return operationId;
        }

        public Instant started() {
            return started;
        }

        /** @param id of the assignment, where one was needed */
        public void allowedBy(Optional<String> id) {
            assignment = id;
        }

        /** @param version that the answer is about */
        public void succeeded(Optional<String> version) {
            tell(version, SUCCESS);
        }

        /** Only a refusal's text is told: it is meant for the caller and holds no secret. */
        public void failed(RuntimeException cause) {
            switch (cause) {
                case VaultException refusal -> tell(Optional.empty(), refused(refusal));
                case AuditUnavailableException unavailable -> tell(Optional.empty(), UNAVAILABLE);
                default -> tell(Optional.empty(), ERROR);
            }
        }

        /**
         * To be called before something is done of which no record in the store will tell: it has a line of its own, which
         * is written where the policy is to block when this returns.
         */
        public void begun() {
            sink.admit();
            sink.take(record(Optional.empty(), BEGUN)).requireWritten(patience, operation.target());
        }

        private AuditRecord record(Optional<String> version, Result result) {
            return new AuditRecord(
                    started,
                    operationId,
                    operation.name(),
                    operation.target(),
                    version,
                    Identity.of(caller),
                    source,
                    result,
                    assignment,
                    Duration.between(started, clock.instant()),
                    false);
        }

        private void tell(Optional<String> version, Result result) {
            if (told) {
                return;
            }
            told = true;
            unsettled.told(operationId, sink.take(record(version, result)));
        }

        @Override
        public void close() {
            if (!told) {
                told = true;
                sink.withdraw();
            }
            unsettled.ended(operationId);
            if (writing.remove(operationId) == null) {
                return;
            }
            lock.lock();
            try {
                ended.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }
}
