package dev.kluis.vault.backup;

import dev.kluis.crypto.Sha256;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/** Counts what goes through and takes its digest; closing it closes nothing. */
final class Tally extends FilterOutputStream {

    private final MessageDigest digest = Sha256.begin();
    private long count;

    Tally(OutputStream out) {
        super(out);
    }

    long count() {
        return count;
    }

    /** SHA-256 of all that went through, 64 hex characters. */
    String digest() {
        return HexFormat.of().formatHex(digest.digest());
    }

    @Override
    public void write(int one) throws IOException {
        out.write(one);
        digest.update((byte) one);
        count++;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        out.write(bytes, offset, length);
        digest.update(bytes, offset, length);
        count += length;
    }

    @Override
    public void close() {}
}
