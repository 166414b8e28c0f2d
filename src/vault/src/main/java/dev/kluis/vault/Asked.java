package dev.kluis.vault;

import dev.kluis.vault.access.Authorization.Resolved;
import dev.kluis.vault.record.RecordHeader;
import dev.kluis.vault.store.ConflictException;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * One attempt at one operation, after it was allowed.
 *
 * @param seen what the caller was authorised on
 * @param operationId 32 hex characters
 * @param made the key that the operation makes, for all of its attempts
 */
record Asked(Caller caller, Resolved seen, String operationId, Moment now, MadeKeys made) {

    /** What the caller was allowed to touch is what is touched: not what another one has put there in between. */
    void requireAllowedOn(Resolved there) throws ConflictException {
        if (!seen.equals(there)) {
            throw new ConflictException("it was changed while the caller was authorised");
        }
    }

    /** What authorisation and decision see of a vault, and of an object in it. */
    static Resolved resolved(Optional<VaultState> vault, Optional<RecordHeader> object) {
        return new Resolved(
                vault.map(VaultState::settings),
                vault.map(VaultState::lifecycle).orElseGet(Lifecycle.Active::new),
                object.isPresent(),
                object.flatMap(RecordHeader::owner));
    }

    /**
     * The header of the record that follows, without ownership and commitment.
     *
     * @param sameIncarnation whether it is still the object that was there
     * @param ids makes 32 hex characters
     */
    RecordHeader header(
            Optional<RecordHeader> before, boolean sameIncarnation, Operation<?> operation, Supplier<String> ids) {
        return new RecordHeader(
                operation.target(),
                before.filter(header -> sameIncarnation)
                        .map(RecordHeader::incarnation)
                        .orElseGet(ids),
                before.map(RecordHeader::revision).orElse(0L) + 1,
                now.wall(),
                operationId,
                operation.name(),
                caller.name(),
                Optional.empty(),
                before.map(RecordHeader::link).orElse(RecordHeader.NO_PREVIOUS),
                RecordHeader.NO_PREVIOUS);
    }
}
