package dev.kluis.vault.audit;

import dev.kluis.vault.AuditTarget.Installation;
import dev.kluis.vault.Caller;
import dev.kluis.vault.Source;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.audit.AuditRecord.Identity;
import dev.kluis.vault.audit.AuditRecord.Result;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Makes the audit records of what is done with the seal: unsealing, shares, dealings, new roots. There is no record in the
 * store from which a line could be told again, so a change has a line before it, {@code Begun}, that is written where the
 * policy is to block, and another with how it ended; both have the same correlation id. Works while Kluis is sealed.
 */
public final class SealTrail {

    private static final Duration WRITTEN_WITHIN = Duration.ofSeconds(2);

    private final AuditSink sink;
    private final InstantSource clock;
    private final Supplier<String> ids;

    /** @param ids makes 32 hex characters */
    public SealTrail(AuditSink sink, InstantSource clock, Supplier<String> ids) {
        this.sink = sink;
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * What was done.
     *
     * @param what for people, with nothing in it that is secret
     */
    public record Done<R>(R answer, String what) {}

    /**
     * Tells of what only needs to be allowed, such as a look at the audit.
     *
     * @param allowed throws when it is not
     */
    public void tell(Caller caller, Source source, String operation, String what, Runnable allowed) {
        var line = new Line(caller, source, operation);
        sink.admit();
        line.ending(() -> {
            allowed.run();
            return new Done<>(true, what);
        });
    }

    /**
     * Does a change.
     *
     * @param allowed throws when it is not, before anything is done
     * @throws AuditUnavailableException when it could not be audited, and was not begun
     */
    public <R> R change(Caller caller, Source source, String operation, Runnable allowed, Supplier<Done<R>> work) {
        var line = new Line(caller, source, operation);
        sink.admit();
        try {
            allowed.run();
            line.begin();
        } catch (AuditUnavailableException e) {
            sink.withdraw();
            throw e;
        } catch (RuntimeException e) {
            line.end(resultOf(e));
            throw e;
        }
        return line.ending(work);
    }

    private static Result resultOf(RuntimeException failure) {
        return failure instanceof VaultException refusal ? AuditTrail.refused(refusal) : AuditTrail.ERROR;
    }

    /** The lines of one operation. */
    private final class Line {

        private final Caller caller;
        private final Source source;
        private final String operation;
        private final String operationId = ids.get();
        private final Instant started = clock.instant();

        Line(Caller caller, Source source, String operation) {
            this.caller = caller;
            this.source = source;
            this.operation = operation;
        }

        void begin() {
            sink.admit();
            end(AuditTrail.BEGUN).requireWritten(WRITTEN_WITHIN, Installation.SEAL);
        }

        /** Whatever ends it leaves a line. */
        <R> R ending(Supplier<Done<R>> work) {
            Done<R> done;
            try {
                done = work.get();
            } catch (RuntimeException e) {
                end(resultOf(e));
                throw e;
            }
            end(new Result("Success", 200, Optional.of(done.what())));
            return done.answer();
        }

        AuditSink.Told end(Result result) {
            return sink.take(new AuditRecord(
                    started,
                    operationId,
                    operation,
                    Installation.SEAL,
                    Optional.empty(),
                    Identity.of(caller),
                    source,
                    result,
                    Optional.empty(),
                    Duration.between(started, clock.instant()),
                    false));
        }
    }
}
