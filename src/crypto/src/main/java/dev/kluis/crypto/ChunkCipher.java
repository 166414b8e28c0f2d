package dev.kluis.crypto;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015) as age has it, over AES-256-GCM: chunks of
 * {@value #CHUNK} bytes, each sealed under the nonce {@code 11 bytes counter ‖ 1 byte last}. Since the counter starts at 0
 * and {@code last} is 1 for the last chunk only, a stream that was cut, reordered, doubled or continued does not open. A
 * key is used for one stream.
 */
final class ChunkCipher {

    /** Plaintext of every chunk but the last, in bytes. */
    static final int CHUNK = 64 * 1024;
    /** How much longer a sealed chunk is, in bytes. */
    static final int TAG = 16;

    private static final int NONCE = 12;

    private final SecretKeySpec key;
    private final int mode;
    private final Cipher cipher;
    private long counter;

    ChunkCipher(SealingKey key, int mode) {
        try (var raw = key.reveal(SecretAccess.GRANTED)) {
            this.key = new SecretKeySpec(raw.borrow(), "AES");
            this.mode = mode;
            this.cipher = Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException e) {
            throw unusable(e);
        }
    }

    /** How many chunks there were. */
    long counter() {
        return counter;
    }

    /** @throws GeneralSecurityException when it is not the next chunk of this stream */
    byte[] next(byte[] chunk, int length, boolean last) throws GeneralSecurityException {
        var nonce = ByteBuffer.allocate(NONCE).position(NONCE - 1 - Long.BYTES);
        nonce.putLong(counter++).put((byte) (last ? 1 : 0));
        cipher.init(mode, key, new GCMParameterSpec(TAG * 8, nonce.array()));
        return cipher.doFinal(chunk, 0, length);
    }

    static void zero(byte[] plaintext) {
        Arrays.fill(plaintext, (byte) 0);
    }

    static IllegalStateException unusable(GeneralSecurityException e) {
        return new IllegalStateException("AES-256-GCM is not usable in this runtime", e);
    }
}
