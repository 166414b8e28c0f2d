package dev.kluis.vault.audit;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Where past operations can be looked for. */
public interface AuditSearch {

    /**
     * The last matching operations, oldest first.
     *
     * @param limit how many at most, 1 to 10,000
     */
    List<AuditLine> search(AuditFilter filter, int limit) throws IOException;

    /**
     * Gives all lines that are here, oldest first, those about the audit itself too. What goes while it is read, since there
     * is too much, is not given: ask {@link #since} afterwards.
     */
    void read(Consumer<AuditLine> each) throws IOException;

    /** The sink whose losses, which lines of category {@code AuditDropped} declare, are losses here; absent loses nothing. */
    Optional<String> sink();

    /** From when on everything is here; an answer says nothing about the time before. */
    Optional<Instant> since() throws IOException;
}
