package dev.kluis.vault.store;

import dev.kluis.vault.ObjectId;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Where records lie. It keeps bytes and knows nothing of their meaning; one mutation is one compare-and-set, so that two
 * writers never both win, and no lock or leader is needed for safety.
 *
 * <p>Any method may throw {@link StoreUnavailableException}. For a write that means: done or not done, the caller reads to
 * know.
 */
public interface Store extends AutoCloseable {

    /** A record's header and sealed part together have at most this many bytes. */
    int RECORD_LIMIT = 256 * 1024;
    /** A content has at most this many bytes. */
    int CONTENT_LIMIT = 512 * 1024;

    Optional<Stored> read(ObjectId id);

    /**
     * Writes a record if it is still the one with this tag.
     *
     * @param expected the tag of the record to replace, or {@link Optional#empty} when there must be none
     * @return the record as written, with its new tag
     * @throws ConflictException when another record, or one where none was expected, or none, is there
     */
    Stored compareAndSet(ObjectId id, Optional<String> expected, RecordBytes bytes) throws ConflictException;

    /**
     * Removes a record if it is still the one with this tag.
     *
     * @throws ConflictException when another record is there, or none
     */
    void delete(ObjectId id, String expected) throws ConflictException;

    /** Writes content that never changes. Writing the same name again is no error and changes nothing. */
    void putContent(ObjectId id, String version, byte[] sealed);

    Optional<byte[]> readContent(ObjectId id, String version);

    /** Removes content; nothing happens when it is not there. */
    void deleteContent(ObjectId id, String version);

    /** The store's own name for a content: not empty, another one for each content. */
    String contentName(ObjectId id, String version);

    /** The names of all contents there are; none that was there before the call and still is after it is left out. */
    Set<String> listContents();

    /** Removes a content by the store's own name; nothing happens when it is not there. */
    void deleteContent(String name);

    /**
     * Tells all records there are, then every change, each record at least once per change and never an older one after
     * a newer one, until the result is closed. The first {@link Change.Synced} comes when all that was there at the
     * call has been told. Changes are told one at a time.
     */
    Watching watch(Consumer<Change> listener);

    @Override
    void close();

    /** A running watch. */
    interface Watching extends AutoCloseable {
        @Override
        void close();
    }
}
