package dev.kluis.vault.backup;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/**
 * Where backup files are kept: a folder, or a store that speaks S3. Names are those of {@link BackupName}; messages of
 * exceptions hold no credentials and no answer of a server.
 */
public interface BackupDestination extends AutoCloseable {

    /** Begins a file. */
    Upload begin(BackupName name) throws IOException;

    InputStream open(BackupName name) throws IOException;

    /** The files of one vault's folder, in any order; what is no backup file by its name is left out. */
    List<BackupName> list(BackupName.Folder folder) throws IOException;

    /** Removes a file; nothing happens when it is not there. */
    void delete(BackupName name) throws IOException;

    /** Where a file is, for people: no credentials in it. */
    String location(BackupName name);

    @Override
    void close();

    /** A file on its way: it is there, and whole, when {@link #commit} returned. Closing without that leaves nothing. */
    abstract class Upload extends OutputStream {

        public abstract void commit() throws IOException;
    }
}
