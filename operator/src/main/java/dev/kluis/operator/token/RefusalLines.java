package dev.kluis.operator.token;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.kluis.vault.Source;
import dev.kluis.vault.audit.AuditRecord.Result;
import dev.kluis.vault.audit.TokenTrail;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Tells the audit of refusals, so many of an address in a minute one by one: whoever reaches the endpoint is refused as often
 * as he likes, and shall not bury under it what else is told. The last line says that no more come, and the first one after
 * that how many there were.
 */
final class RefusalLines {

    /** In a minute, of one address. */
    static final int OF_ADDRESS = 30;

    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final Duration REMEMBERED = Duration.ofMinutes(10);
    private static final int ADDRESSES = 10_000;

    private final TokenTrail trail;
    private final LongSupplier nanoTime;
    private final Cache<String, Told> told = Caffeine.newBuilder()
            .maximumSize(ADDRESSES)
            .expireAfterAccess(REMEMBERED)
            .build();

    /** @param nanoTime a monotonic clock in nanoseconds */
    RefusalLines(TokenTrail trail, LongSupplier nanoTime) {
        this.trail = trail;
        this.nanoTime = nanoTime;
    }

    /** The lines of an address in a minute that began with the first. */
    private static final class Told {

        private long began;
        private int lines;
        private long untold;

        /** What is added to the next line's text; absent where there is none. */
        synchronized Optional<String> next(long now) {
            long passed = now - began;
            String before = "";
            if (lines == 0 || passed < 0 || passed >= WINDOW.toNanos()) {
                before = untold == 0 ? "" : "; before this one " + untold + " of this address had no line";
                began = now;
                lines = 0;
                untold = 0;
            }
            if (lines == OF_ADDRESS) {
                untold++;
                return Optional.empty();
            }
            lines++;
            return Optional.of(
                    lines == OF_ADDRESS ? before + "; others of this address have no line for a minute" : before);
        }
    }

    void tell(String client, Source source, TokenRequestException refusal) {
        told.get(source.address().orElse(""), key -> new Told())
                .next(nanoTime.getAsLong())
                .ifPresent(more -> trail.refuse(
                        client,
                        source,
                        new Result(
                                refusal.problem().name(),
                                refusal.problem().status(),
                                Optional.of(refusal.getMessage() + more))));
    }
}
