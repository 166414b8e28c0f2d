package dev.kluis.crypto;

import java.io.IOException;
import java.io.OutputStream;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;

/**
 * Seals a stream of any length chunk by chunk ({@link ChunkCipher}); it holds one chunk. {@link #finish} writes the last
 * chunk: without it the stream does not open to its end. Closing does not finish, so that what failed halfway stays cut.
 */
public final class SealedOutputStream extends OutputStream {

    private final OutputStream out;
    private final ChunkCipher cipher;
    private final byte[] chunk = new byte[ChunkCipher.CHUNK];
    private int filled;
    private boolean finished;

    /** @param key for this stream only, which the caller may close at once */
    public SealedOutputStream(OutputStream out, SealingKey key) {
        this.out = out;
        this.cipher = new ChunkCipher(key, Cipher.ENCRYPT_MODE);
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (finished) {
            throw new IOException("the stream is finished");
        }
        int done = 0;
        while (done < length) {
            if (filled == chunk.length) {
                flushChunk(false); // only now, when it is sure that another one follows
            }
            int some = Math.min(length - done, chunk.length - filled);
            System.arraycopy(bytes, offset + done, chunk, filled, some);
            filled += some;
            done += some;
        }
    }

    /** Writes what is left as the last chunk. The stream below stays open. */
    public void finish() throws IOException {
        if (!finished) {
            flushChunk(true);
            finished = true;
            out.flush();
        }
    }

    private void flushChunk(boolean last) throws IOException {
        try {
            out.write(cipher.next(chunk, filled, last));
            ChunkCipher.zero(chunk);
            filled = 0;
        } catch (GeneralSecurityException e) {
            throw ChunkCipher.unusable(e);
        }
    }

    @Override
    public void close() throws IOException {
        ChunkCipher.zero(chunk);
        out.close();
    }
}
