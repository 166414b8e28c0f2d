package dev.kluis.vault.audit;

import dev.kluis.vault.AuditTarget.TokenClient;
import dev.kluis.vault.Caller;
import dev.kluis.vault.Source;
import dev.kluis.vault.audit.AuditRecord.Identity;
import dev.kluis.vault.audit.AuditRecord.Result;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** Makes the audit records of tokens that are asked for: one for each that is issued, and of refusals. */
public final class TokenTrail {

    /** In every line. */
    public static final String OPERATION = "TokenIssue";
    /** Who proved nothing. */
    public static final String ANONYMOUS = "kluis:anonymous";

    private final AuditSink sink;
    private final InstantSource clock;
    private final Supplier<String> ids;

    /** @param ids makes 32 hex characters */
    public TokenTrail(AuditSink sink, InstantSource clock, Supplier<String> ids) {
        this.sink = sink;
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * Issues a token, which is told before it is given.
     *
     * @param client what the client calls itself
     * @param what is told of it, with nothing in it that is secret
     * @throws AuditUnavailableException when it could not be audited, and was not made
     */
    public <T> T issue(Caller caller, String client, Source source, Supplier<T> making, Function<T, String> what) {
        var started = clock.instant();
        sink.admit();
        T made;
        try {
            made = making.get();
        } catch (RuntimeException e) {
            sink.withdraw();
            throw e;
        }
        var success = new Result("Success", 200, Optional.of(what.apply(made)));
        sink.accept(record(started, Identity.of(caller), client, source, success));
        return made;
    }

    /**
     * Tells of a refusal.
     *
     * @param client what the client calls itself: an attacker's text
     * @param result why, with nothing in it of what was sent to prove who it is
     * @throws AuditUnavailableException when there is no place for it in time
     */
    public void refuse(String client, Source source, Result result) {
        var started = clock.instant();
        sink.admit();
        var nobody = new Identity(ANONYMOUS, Optional.empty(), true, Optional.empty());
        sink.accept(record(started, nobody, client, source, result));
    }

    private AuditRecord record(Instant started, Identity identity, String client, Source source, Result result) {
        return new AuditRecord(
                started,
                ids.get(),
                OPERATION,
                new TokenClient(client),
                Optional.empty(),
                identity,
                source,
                result,
                Optional.empty(),
                Duration.between(started, clock.instant()),
                false);
    }
}
