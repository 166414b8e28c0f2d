package dev.kluis.operator.backup;

import dev.kluis.vault.backup.BackupDestination;
import dev.kluis.vault.backup.BackupName;
import dev.kluis.vault.backup.BackupNote;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Files in a folder, such as a PersistentVolume. A file is written under a temporary name, brought to the disk, renamed, and
 * the folder brought to the disk: it is there whole or not at all, whatever fails.
 */
public final class FolderDestination implements BackupDestination {

    private static final String UNFINISHED = ".unfinished";

    private final String name;
    private final Path root;

    /** @param name for people */
    public FolderDestination(String name, Path root) {
        this.name = name;
        this.root = root;
    }

    @Override
    public Upload begin(BackupName file) throws IOException {
        requireThere();
        var target = root.resolve(file.toString());
        Files.createDirectories(target.getParent());
        return new FolderUpload(target);
    }

    /** A volume that is not mounted must not look like an empty one. */
    private void requireThere() throws IOException {
        if (!Files.isDirectory(root)) {
            throw new IOException("there is no folder '" + name + "': the chart's operator.backup.folders has none");
        }
    }

    @Override
    public InputStream open(BackupName file) throws IOException {
        return Files.newInputStream(root.resolve(file.toString()));
    }

    @Override
    public byte[] head(BackupName file, int bytes) throws IOException {
        try (var in = open(file)) {
            return in.readNBytes(bytes);
        }
    }

    @Override
    public List<Kept> list(BackupName.Folder folder) throws IOException {
        requireThere();
        var kept = new ArrayList<Kept>();
        var path = root.resolve(folder.toString());
        if (Files.isDirectory(path)) {
            try (var files = Files.newDirectoryStream(path)) {
                for (var one : files) {
                    var name = BackupName.parse(folder, one.getFileName().toString());
                    if (name.isPresent()) {
                        kept.add(new Kept(name.get(), Files.size(one)));
                    }
                }
            }
        }
        return kept;
    }

    @Override
    public void annotate(BackupName file, byte[] note) throws IOException {
        requireThere();
        try (var upload = new FolderUpload(root.resolve(file.note()))) {
            upload.write(note, 0, note.length);
            upload.commit();
        }
    }

    @Override
    public Optional<byte[]> note(BackupName file) throws IOException {
        try (var in = Files.newInputStream(root.resolve(file.note()))) {
            return Optional.of(in.readNBytes(BackupNote.LIMIT + 1));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    @Override
    public void delete(BackupName file) throws IOException {
        // The note first: what is left when this is cut off is a file, which the next list shows.
        Files.deleteIfExists(root.resolve(file.note()));
        Files.deleteIfExists(root.resolve(file.toString()));
    }

    @Override
    public String location(BackupName file) {
        return "folder " + name + ": " + file;
    }

    @Override
    public void close() {}

    private static final class FolderUpload extends Upload {

        private final Path target;
        private final Path unfinished;
        private final FileChannel channel;

        private FolderUpload(Path target) throws IOException {
            this.target = target;
            this.unfinished = target.resolveSibling(target.getFileName() + UNFINISHED);
            this.channel = FileChannel.open(
                    unfinished,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE);
        }

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            var rest = ByteBuffer.wrap(bytes, offset, length);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
        }

        @Override
        public void commit() throws IOException {
            channel.force(true);
            channel.close();
            Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
            try (var folder = FileChannel.open(target.getParent(), StandardOpenOption.READ)) {
                folder.force(true);
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
            Files.deleteIfExists(unfinished);
        }
    }
}
