package dev.kluis.crypto;

import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.util.Objects;
import javax.crypto.Cipher;

/**
 * Opens what {@link SealedOutputStream} sealed; it holds one chunk, and gives out no byte of a chunk that does not open.
 * Whoever wrote the stream controls every byte and where it ends.
 */
public final class SealedInputStream extends InputStream {

    private final InputStream in;
    private final ChunkCipher cipher;
    /** A sealed chunk and the byte after it, which tells whether it is the last. */
    private final byte[] sealed = new byte[ChunkCipher.CHUNK + ChunkCipher.TAG + 1];

    private int ahead;
    private byte[] chunk = new byte[0];
    private int position;
    private boolean last;

    /** @param key for this stream only, which the caller may close at once */
    public SealedInputStream(InputStream in, SealingKey key) {
        this.in = in;
        this.cipher = new ChunkCipher(key, Cipher.DECRYPT_MODE);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    /** @throws BrokenStreamException when the stream is not whole and unchanged up to here */
    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, into.length);
        if (length == 0) {
            return 0;
        }
        while (position == chunk.length) {
            if (last) {
                return -1;
            }
            openChunk();
        }
        int some = Math.min(length, chunk.length - position);
        System.arraycopy(chunk, position, into, offset, some);
        position += some;
        return some;
    }

    private void openChunk() throws IOException {
        int there = ahead + in.readNBytes(sealed, ahead, sealed.length - ahead);
        last = there < sealed.length;
        int length = last ? there : there - 1;
        boolean first = cipher.counter() == 0;
        if (length < ChunkCipher.TAG || (length == ChunkCipher.TAG && !first)) {
            throw broken(); // only an empty stream has an empty chunk
        }
        ChunkCipher.zero(chunk);
        position = 0;
        chunk = new byte[0];
        try {
            chunk = cipher.next(sealed, length, last);
        } catch (GeneralSecurityException e) {
            throw broken();
        }
        ahead = last ? 0 : 1;
        sealed[0] = sealed[sealed.length - 1];
    }

    /** From now on there is nothing to read. */
    private BrokenStreamException broken() {
        last = true;
        return new BrokenStreamException();
    }

    @Override
    public void close() throws IOException {
        ChunkCipher.zero(chunk);
        in.close();
    }
}
