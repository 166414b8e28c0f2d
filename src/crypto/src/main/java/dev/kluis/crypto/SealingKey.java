package dev.kluis.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A 256-bit key that seals bytes by AES-256-GCM (NIST SP 800-38D) or commits to them by HMAC-SHA-256 (RFC 2104). One
 * key is used for one of the two only; one that seals may also have keys for other purposes derived from it.
 *
 * <p>Sealed form: 12 bytes nonce, ciphertext as long as the plaintext, 16 bytes tag. Nonces are random, so a key seals at
 * most 2^32 messages (SP 800-38D §8.3); data keys are replaced long before.
 */
public final class SealingKey implements AutoCloseable {

    /** Key length in bytes. */
    public static final int LENGTH = 32;
    /** How much longer the sealed form is than the plaintext, in bytes. */
    public static final int OVERHEAD = 12 + 16;

    private static final String DERIVATION = "kluis/derive/1";
    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;

    private final SecretBytes key;

    private SealingKey(SecretBytes key) {
        if (key.length() != LENGTH) {
            throw new IllegalArgumentException("a sealing key has " + LENGTH + " bytes, not " + key.length());
        }
        this.key = key;
    }

    public static SealingKey generate(SecureRandom random) {
        byte[] bytes = new byte[LENGTH];
        random.nextBytes(bytes);
        return new SealingKey(SecretBytes.owning(bytes));
    }

    /** @param key {@value #LENGTH} bytes, which from now on belong to the result */
    public static SealingKey of(SecretBytes key) {
        return new SealingKey(key);
    }

    /** A copy of the raw key, {@value #LENGTH} bytes, which the caller closes. */
    public SecretBytes reveal(SecretAccess access) {
        return SecretBytes.owning(key.reveal(access));
    }

    /** @param additional authenticated, not part of the result */
    public byte[] seal(SecretBytes plaintext, byte[] additional, SecureRandom random) {
        byte[] nonce = new byte[NONCE];
        random.nextBytes(nonce);
        try {
            var cipher = cipher(Cipher.ENCRYPT_MODE, nonce, additional);
            byte[] sealed = Arrays.copyOf(nonce, plaintext.length() + OVERHEAD);
            cipher.doFinal(plaintext.borrow(), 0, plaintext.length(), sealed, NONCE);
            return sealed;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-256-GCM is not usable in this runtime", e);
        }
    }

    /** @throws SealedBytesException when this key did not seal exactly these bytes with this additional data */
    public SecretBytes open(byte[] sealed, byte[] additional) throws SealedBytesException {
        if (sealed.length < OVERHEAD) {
            throw new SealedBytesException("sealed bytes are shorter than " + OVERHEAD);
        }
        try {
            var cipher = cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(sealed, NONCE), additional);
            return SecretBytes.owning(cipher.doFinal(sealed, NONCE, sealed.length - NONCE));
        } catch (AEADBadTagException e) {
            throw new SealedBytesException("sealed bytes do not open");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-256-GCM is not usable in this runtime", e);
        }
    }

    /** A keyed commitment to a message: 32 bytes. */
    public byte[] commit(SecretBytes message) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.borrow(), "HmacSHA256"));
            return mac.doFinal(message.borrow());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HmacSHA256 is not usable in this runtime", e);
        }
    }

    /**
     * A key for another purpose: HKDF-SHA-256 (RFC 5869) over this one, with the purpose as {@code info} and a salt of
     * Kluis's own, so that what is derived tells nothing of this key or of what is derived for another purpose.
     *
     * @param purpose a constant of the program, such as {@code audit/checkpoint}; never anything that a caller gave
     * @return {@value #LENGTH} bytes, which the caller closes
     */
    public SecretBytes derive(String purpose) {
        try {
            var parameters = HKDFParameterSpec.ofExtract()
                    .addIKM(new SecretKeySpec(key.borrow(), "HKDF"))
                    .addSalt(DERIVATION.getBytes(UTF_8))
                    .thenExpand(purpose.getBytes(UTF_8), LENGTH);
            return SecretBytes.owning(KDF.getInstance("HKDF-SHA256").deriveData(parameters));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HKDF-SHA256 is not usable in this runtime", e);
        }
    }

    private Cipher cipher(int mode, byte[] nonce, byte[] additional) throws GeneralSecurityException {
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(key.borrow(), "AES"), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(additional);
        return cipher;
    }

    @Override
    public void close() {
        key.close();
    }

    @Override
    public String toString() {
        return "SealingKey";
    }
}
