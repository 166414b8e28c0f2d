package dev.kluis.crypto.key;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/** RSA: the paddings of signatures and of PKCS #1 v1.5 made here, OAEP and the powers by the provider. */
final class RsaFunctions extends KeyFunctions {

    private final RsaPort.Key key;
    private final BigInteger modulus;
    private final int length;
    /** A hash of the private exponent, for implicit rejection; empty where there is none. */
    private final byte[] rejection;

    private final SecureRandom random;

    RsaFunctions(RsaPort.Key key, BigInteger modulus, byte[] rejection, SecureRandom random) {
        this.key = key;
        this.modulus = modulus;
        this.length = modulus.bitLength() / 8;
        this.rejection = rejection;
        this.random = random;
    }

    @Override
    Ciphertext encrypt(Algorithm algorithm, byte[] plaintext, byte @Nullable [] iv, byte[] additional)
            throws KeyRefusedException, GeneralSecurityException {
        boolean oaep = algorithm.family() == Algorithm.Family.RSA_OAEP;
        int longest = length - (oaep ? 2 * algorithm.digest() + 2 : Pkcs1Padding.OVERHEAD);
        if (plaintext.length > longest) {
            throw wrongLength(algorithm.jose() + " encrypts at most " + longest + " bytes with this key");
        }
        if (oaep) {
            return Ciphertext.of(key.encryptOaep(Hash.of(algorithm).standard(), plaintext));
        }
        byte[] padded = Pkcs1Padding.forEncryption(plaintext, length, random);
        try {
            return Ciphertext.of(key.raisePublic(padded));
        } finally {
            Der.wipe(padded);
        }
    }

    @Override
    byte[] decrypt(Algorithm algorithm, Ciphertext ciphertext, byte[] additional)
            throws KeyRefusedException, GeneralSecurityException {
        byte[] value = ciphertext.value();
        if (value.length != length) {
            throw wrongLength("a ciphertext of this key has " + length + " bytes");
        }
        // Known to everybody who has the public key, so this refusal tells nothing.
        if (Numbers.number(value).compareTo(modulus) >= 0) {
            throw decryptionFailed();
        }
        if (algorithm.family() == Algorithm.Family.RSA_OAEP) {
            try {
                return key.decryptOaep(Hash.of(algorithm).standard(), value);
            } catch (GeneralSecurityException e) {
                throw decryptionFailed();
            }
        }
        byte[] padded = key.raisePrivate(value);
        try {
            return Pkcs1Padding.messageOf(padded, value, rejection);
        } finally {
            Der.wipe(padded);
        }
    }

    @Override
    byte[] sign(Algorithm algorithm, SignatureInput input) throws KeyRefusedException, GeneralSecurityException {
        byte[] value = SignaturePort.value(input);
        byte[] padded = switch (algorithm.family()) {
            case RSA_PSS -> PssPadding.of(Hash.of(algorithm), value, length, random);
            default -> forSignature(algorithm, value);
        };
        return key.raisePrivate(padded);
    }

    @Override
    boolean verify(Algorithm algorithm, SignatureInput input, byte[] signature)
            throws KeyRefusedException, GeneralSecurityException {
        byte[] value = SignaturePort.value(input);
        byte[] expected = algorithm.family() == Algorithm.Family.RSA_PSS ? null : forSignature(algorithm, value);
        if (signature.length != length || Numbers.number(signature).compareTo(modulus) >= 0) {
            return false;
        }
        byte[] padded = key.raisePublic(signature);
        // Made and compared as a whole: a padding that is taken apart is where forgeries have come from.
        return expected == null
                ? PssPadding.fits(Hash.of(algorithm), value, padded)
                : MessageDigest.isEqual(expected, padded);
    }

    private byte[] forSignature(Algorithm algorithm, byte[] value) throws KeyRefusedException {
        if (algorithm.family() == Algorithm.Family.RSA_PKCS1) {
            return Pkcs1Padding.forSignature(Pkcs1Padding.digestInfo(Hash.of(algorithm), value), length);
        }
        if (value.length == 0 || value.length > length - Pkcs1Padding.OVERHEAD) {
            throw wrongLength("RSNULL takes 1 to " + (length - Pkcs1Padding.OVERHEAD) + " bytes with this key");
        }
        return Pkcs1Padding.forSignature(value, length);
    }

    @Override
    void destroy() {
        key.destroy();
        Der.wipe(rejection);
    }
}
