package dev.kluis.crypto.key;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Provider;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import org.jspecify.annotations.Nullable;

/** AES in its modes, and HMAC. */
final class OctFunctions extends KeyFunctions {

    private static final int BLOCK = 16;
    private static final int GCM_IV = 12;
    private static final int GCM_TAG = 16;
    /** Half a block of integrity check (RFC 3394 §2.2.3, RFC 5649 §3). */
    private static final int WRAP_OVERHEAD = 8;

    private final RawKey key;
    private final Provider provider;
    private final SecureRandom random;

    /** @param key belongs to the result */
    OctFunctions(byte[] key, Provider provider, SecureRandom random) {
        this.key = new RawKey(key, "AES");
        this.provider = provider;
        this.random = random;
    }

    @Override
    Ciphertext encrypt(Algorithm algorithm, byte[] plaintext, byte @Nullable [] iv, byte[] additional)
            throws KeyRefusedException, GeneralSecurityException {
        return switch (algorithm.family()) {
            case GCM -> encryptGcm(plaintext, iv == null ? draw(GCM_IV) : requireIv(iv, GCM_IV), additional);
            case CBC, CBC_PAD -> encryptCbc(algorithm, plaintext, iv == null ? draw(BLOCK) : requireIv(iv, BLOCK));
            default -> Ciphertext.of(wrap(algorithm, plaintext));
        };
    }

    @Override
    byte[] decrypt(Algorithm algorithm, Ciphertext ciphertext, byte[] additional)
            throws KeyRefusedException, GeneralSecurityException {
        return switch (algorithm.family()) {
            case GCM -> decryptGcm(ciphertext, additional);
            case CBC, CBC_PAD -> decryptCbc(algorithm, ciphertext);
            default -> unwrap(algorithm, ciphertext.value());
        };
    }

    private byte[] draw(int length) {
        byte[] iv = new byte[length];
        random.nextBytes(iv);
        return iv;
    }

    private static byte[] requireIv(byte @Nullable [] iv, int length) throws KeyRefusedException {
        if (iv == null || iv.length != length) {
            throw new KeyRefusedException(Refusal.BAD_IV, "the initialization vector has " + length + " bytes");
        }
        return iv;
    }

    private Ciphertext encryptGcm(byte[] plaintext, byte[] iv, byte[] additional) throws GeneralSecurityException {
        var cipher = Cipher.getInstance("AES/GCM/NoPadding", provider);
        cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(8 * GCM_TAG, iv));
        cipher.updateAAD(additional);
        byte[] both = cipher.doFinal(plaintext);
        return new Ciphertext(
                Arrays.copyOf(both, plaintext.length), iv, Arrays.copyOfRange(both, plaintext.length, both.length));
    }

    private byte[] decryptGcm(Ciphertext ciphertext, byte[] additional)
            throws KeyRefusedException, GeneralSecurityException {
        byte[] iv = requireIv(ciphertext.iv(), GCM_IV);
        byte[] tag = ciphertext.tag();
        if (tag == null || tag.length != GCM_TAG) {
            throw new KeyRefusedException(Refusal.BAD_TAG, "the tag has " + GCM_TAG + " bytes");
        }
        byte[] value = ciphertext.value();
        byte[] both = Arrays.copyOf(value, value.length + GCM_TAG);
        System.arraycopy(tag, 0, both, value.length, GCM_TAG);
        var cipher = Cipher.getInstance("AES/GCM/NoPadding", provider);
        cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(8 * GCM_TAG, iv));
        cipher.updateAAD(additional);
        return finish(cipher, both);
    }

    private Ciphertext encryptCbc(Algorithm algorithm, byte[] plaintext, byte[] iv)
            throws KeyRefusedException, GeneralSecurityException {
        boolean pad = algorithm.family() == Algorithm.Family.CBC_PAD;
        if (!pad) {
            requireBlocks(algorithm, plaintext);
        }
        byte[] blocks = pad ? padded(plaintext) : plaintext;
        var cipher = Cipher.getInstance("AES/CBC/NoPadding", provider);
        cipher.init(Cipher.ENCRYPT_MODE, key, new IvParameterSpec(iv));
        try {
            return new Ciphertext(cipher.doFinal(blocks), iv, null);
        } finally {
            if (pad) {
                Der.wipe(blocks);
            }
        }
    }

    private byte[] decryptCbc(Algorithm algorithm, Ciphertext ciphertext)
            throws KeyRefusedException, GeneralSecurityException {
        byte[] iv = requireIv(ciphertext.iv(), BLOCK);
        requireBlocks(algorithm, ciphertext.value());
        var cipher = Cipher.getInstance("AES/CBC/NoPadding", provider);
        cipher.init(Cipher.DECRYPT_MODE, key, new IvParameterSpec(iv));
        byte[] blocks = finish(cipher, ciphertext.value());
        if (algorithm.family() == Algorithm.Family.CBC) {
            return blocks;
        }
        try {
            return unpadded(blocks);
        } finally {
            Der.wipe(blocks);
        }
    }

    private static void requireBlocks(Algorithm algorithm, byte[] value) throws KeyRefusedException {
        if (value.length == 0 || value.length % BLOCK != 0) {
            throw wrongLength(algorithm.jose() + " takes whole blocks of " + BLOCK + " bytes");
        }
    }

    private static byte[] padded(byte[] plaintext) {
        int padding = BLOCK - plaintext.length % BLOCK;
        byte[] padded = Arrays.copyOf(plaintext, plaintext.length + padding);
        Arrays.fill(padded, plaintext.length, padded.length, (byte) padding);
        return padded;
    }

    /** Looks at the whole last block whatever is in it, so that time tells no more than the answer does. */
    private static byte[] unpadded(byte[] blocks) throws KeyRefusedException {
        int last = blocks.length - 1;
        int padding = blocks[last] & 0xff;
        int wrong = ((padding - 1) >> 31) | ((BLOCK - padding) >> 31);
        for (int i = 0; i < BLOCK; i++) {
            int inside = (i - padding) >> 31;
            wrong |= ((blocks[last - i] & 0xff) ^ padding) & inside;
        }
        if (wrong != 0) {
            throw decryptionFailed();
        }
        return Arrays.copyOf(blocks, blocks.length - padding);
    }

    private byte[] wrap(Algorithm algorithm, byte[] other) throws KeyRefusedException, GeneralSecurityException {
        boolean pad = algorithm.family() == Algorithm.Family.KEY_WRAP_PAD;
        if (pad ? other.length == 0 : other.length < 2 * WRAP_OVERHEAD || other.length % WRAP_OVERHEAD != 0) {
            throw wrongLength(
                    algorithm.jose() + (pad ? " wraps one byte or more" : " wraps 16 bytes or more, in steps of 8"));
        }
        return wrapping(algorithm, Cipher.ENCRYPT_MODE).doFinal(other);
    }

    private byte[] unwrap(Algorithm algorithm, byte[] wrapped) throws KeyRefusedException, GeneralSecurityException {
        boolean pad = algorithm.family() == Algorithm.Family.KEY_WRAP_PAD;
        if (wrapped.length < (pad ? 2 : 3) * WRAP_OVERHEAD || wrapped.length % WRAP_OVERHEAD != 0) {
            throw wrongLength("a key wrapped by " + algorithm.jose() + " has " + (pad ? 16 : 24)
                    + " bytes or more, in steps of 8");
        }
        return finish(wrapping(algorithm, Cipher.DECRYPT_MODE), wrapped);
    }

    private Cipher wrapping(Algorithm algorithm, int mode) throws GeneralSecurityException {
        boolean pad = algorithm.family() == Algorithm.Family.KEY_WRAP_PAD;
        var cipher = Cipher.getInstance(pad ? "AES/KWP/NoPadding" : "AES/KW/NoPadding", provider);
        cipher.init(mode, key);
        return cipher;
    }

    private static byte[] finish(Cipher cipher, byte[] ciphertext) throws KeyRefusedException {
        try {
            return cipher.doFinal(ciphertext);
        } catch (GeneralSecurityException e) {
            throw decryptionFailed();
        }
    }

    @Override
    byte[] sign(Algorithm algorithm, SignatureInput input) throws GeneralSecurityException {
        String name = switch (algorithm) {
            case HS256 -> "HmacSHA256";
            case HS384 -> "HmacSHA384";
            default -> "HmacSHA512";
        };
        var mac = Mac.getInstance(name, provider);
        mac.init(key.as(name));
        return mac.doFinal(SignaturePort.value(input));
    }

    @Override
    boolean verify(Algorithm algorithm, SignatureInput input, byte[] signature) throws GeneralSecurityException {
        return MessageDigest.isEqual(sign(algorithm, input), signature);
    }

    @Override
    void destroy() {
        key.destroy();
    }
}
