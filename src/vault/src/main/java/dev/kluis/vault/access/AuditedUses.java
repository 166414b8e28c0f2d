package dev.kluis.vault.access;

import dev.kluis.vault.VaultException;
import dev.kluis.vault.VaultException.Code;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.audit.AuditFilter;
import dev.kluis.vault.audit.AuditLine;
import dev.kluis.vault.audit.AuditSearch;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the audit tells of the uses of a vault's assignments.
 *
 * @param from the beginning of the time that was asked about
 * @param since when the audit begins
 * @param lost how many lines it declares as lost in that time, of whatever vault
 * @param uses in that time, each once
 */
public record AuditedUses(Instant from, Optional<Instant> since, long lost, List<Use> uses) {

    /** How many different uses are told apart. */
    public static final int LIMIT = 100_000;

    /** Whether it tells of the whole time: only then what it does not tell of was not done. */
    public boolean complete() {
        return lost == 0 && since.filter(begin -> !begin.isAfter(from)).isPresent();
    }

    /** @throws VaultException when there are too many different ones */
    public static AuditedUses read(AuditSearch audit, VaultId vault, Instant from) throws IOException {
        var reading = new Reading(audit.sink(), AuditFilter.of(vault.toString(), from));
        audit.read(reading::take);
        return new AuditedUses(from, audit.since(), reading.lost, List.copyOf(reading.uses));
    }

    private static final class Reading {

        private final Optional<String> sink;
        private final AuditFilter filter;
        private final Set<Use> uses = new LinkedHashSet<>();
        private long lost;

        private Reading(Optional<String> sink, AuditFilter filter) {
            this.sink = sink;
            this.filter = filter;
        }

        private void take(AuditLine line) {
            if (filter.matches(line)) {
                use(line).ifPresent(uses::add);
                if (uses.size() > LIMIT) {
                    throw new VaultException(
                            Code.CONFLICT, "the audit tells of more than " + LIMIT + " uses: ask about less time");
                }
            } else if (line.category().equals("AuditDropped")
                    && sink.isPresent()
                    && line.field("sink").equals(sink)
                    && filter.from().filter(line.time()::isBefore).isEmpty()) {
                lost += line.field("count").map(Long::parseLong).orElse(1L);
            }
        }

        /** Absent for what no assignment allowed, such as what a resource did. */
        private static Optional<Use> use(AuditLine line) {
            return line.field("identity.assignment")
                    .map(assignment -> Use.of(
                            assignment,
                            line.field("identity.name").orElse(""),
                            line.field("operationName").orElse(""),
                            line.field("resourceId").orElse("")
                                    + line.field("object")
                                            .map(object -> "/" + object)
                                            .orElse("")));
        }
    }
}
