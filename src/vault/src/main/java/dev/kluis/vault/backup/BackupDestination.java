package dev.kluis.vault.backup;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;

/**
 * Where backup files are kept: a folder, or a store that speaks S3. Names are those of {@link BackupName}; messages of
 * exceptions hold no credentials and no answer of a server.
 */
public interface BackupDestination extends AutoCloseable {

    /** Begins a file. */
    Upload begin(BackupName name) throws IOException;

    InputStream open(BackupName name) throws IOException;

    /** The first bytes of a file, as many as it has up to a number. */
    byte[] head(BackupName name, int bytes) throws IOException;

    /** The files of one vault's folder, in any order; what is no backup file by its name is left out. */
    List<Kept> list(BackupName.Folder folder) throws IOException;

    /** Keeps a note beside a file that is there, instead of one that was; at most {@value BackupNote#LIMIT} bytes. */
    void annotate(BackupName name, byte[] note) throws IOException;

    /** The note beside a file, cut after one byte more than the longest; absent where there is none. */
    Optional<byte[]> note(BackupName name) throws IOException;

    /** Removes a file and its note; nothing happens when they are not there. */
    void delete(BackupName name) throws IOException;

    /** Where a file is, for people: no credentials in it. */
    String location(BackupName name);

    @Override
    void close();

    /** A file that is there, and how many bytes it has. */
    record Kept(BackupName name, long bytes) {}

    /** A file on its way: it is there, and whole, when {@link #commit} returned. Closing without that leaves nothing. */
    abstract class Upload extends OutputStream {

        public abstract void commit() throws IOException;
    }
}
