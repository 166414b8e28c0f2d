package dev.kluis.vault.audit;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Where past operations can be looked for. */
public interface AuditSearch {

    /**
     * The last matching operations, oldest first.
     *
     * @param limit how many at most, 1 to 10,000
     */
    List<AuditLine> search(AuditFilter filter, int limit) throws IOException;

    /** From when on everything is here; an answer says nothing about the time before. */
    Optional<Instant> since() throws IOException;
}
