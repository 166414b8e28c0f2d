package dev.kluis.crypto.key;

import dev.kluis.crypto.SecretAccess;
import dev.kluis.crypto.SecretBytes;
import java.math.BigInteger;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.MLDSAParameters;
import org.bouncycastle.crypto.params.MLDSAPrivateKeyParameters;

/**
 * The secret forms of {@link KeyMaterial}, written and read. Written in one form only; read in those too that other
 * programs write: PKCS #8 with attributes or the public key, a curve named twice, ML-DSA with seed and expanded key.
 */
final class StoredKey {

    /** The longest PKCS #8 that is read, in bytes: an ML-DSA-87 key in both its forms has about 5,000. */
    static final int MAX_PKCS8 = 8192;

    private static final int SEED = 0x80;

    private StoredKey() {}

    static KeyMaterial of(RsaNumbers numbers) throws KeyRefusedException {
        return new KeyMaterial(
                numbers.spec(), write(KeyIdentifier.RSA, numbers.der()), PublicKeyForm.ofRsa(numbers.n(), numbers.e()));
    }

    static KeyMaterial of(EcNumbers numbers) {
        return new KeyMaterial(
                new KeySpec.Ec(numbers.curve()),
                write(KeyIdentifier.of(numbers.curve()), numbers.der()),
                PublicKeyForm.ofEc(numbers.curve(), numbers.point()));
    }

    /** @param seed 32 bytes, which are zeroed */
    static KeyMaterial ofEd25519(byte[] seed) throws KeyRefusedException {
        requireLength(seed, Ed25519PrivateKeyParameters.KEY_SIZE);
        byte[] key =
                new Ed25519PrivateKeyParameters(seed, 0).generatePublicKey().getEncoded();
        byte[] inner = Der.write(Der.OCTET_STRING, seed);
        Der.wipe(seed);
        return new KeyMaterial(new KeySpec.Okp(), write(KeyIdentifier.ED25519, inner), PublicKeyForm.ofEd25519(key));
    }

    /** @param seed 32 bytes, which are zeroed */
    static KeyMaterial ofMlDsa(MlDsa parameters, byte[] seed) throws KeyRefusedException {
        requireLength(seed, MlDsa.SEED);
        var expanded = expand(parameters, seed);
        byte[] key = expanded.getPublicKey();
        expanded.destroy();
        byte[] inner = Der.write(SEED, seed);
        Der.wipe(seed);
        return new KeyMaterial(
                new KeySpec.Akp(parameters),
                write(KeyIdentifier.of(parameters), inner),
                PublicKeyForm.ofMlDsa(parameters, key));
    }

    /** @param raw belongs to the result */
    static KeyMaterial ofOct(byte[] raw) throws KeyRefusedException {
        if (raw.length % 8 != 0 || !KeySpec.Oct.SIZES.contains(raw.length * 8)) {
            Der.wipe(raw);
            throw new KeyRefusedException(
                    Refusal.UNSUPPORTED_KEY, "a symmetric key has 128, 192, 256, 384 or 512 bits");
        }
        return new KeyMaterial(new KeySpec.Oct(raw.length * 8), SecretBytes.owning(raw), null);
    }

    /** Of a copy: what is expanded keeps the array, and zeroes it when it is destroyed. */
    static MLDSAPrivateKeyParameters expand(MlDsa parameters, byte[] seed) {
        return new MLDSAPrivateKeyParameters(parameters(parameters), seed.clone());
    }

    static MLDSAParameters parameters(MlDsa parameters) {
        return switch (parameters) {
            case ML_DSA_44 -> MLDSAParameters.ml_dsa_44;
            case ML_DSA_65 -> MLDSAParameters.ml_dsa_65;
            case ML_DSA_87 -> MLDSAParameters.ml_dsa_87;
        };
    }

    private static void requireLength(byte[] seed, int length) throws KeyRefusedException {
        if (seed.length != length) {
            Der.wipe(seed);
            throw new KeyRefusedException(Refusal.INVALID_KEY, "the private key has " + length + " bytes");
        }
    }

    /**
     * PrivateKeyInfo (RFC 5958 §2), version 0.
     *
     * @param key is zeroed
     */
    private static SecretBytes write(KeyIdentifier identifier, byte[] key) {
        byte[] element = Der.write(Der.OCTET_STRING, key);
        byte[] all = Der.sequence(Der.integer(BigInteger.ZERO), identifier.der(), element);
        Der.wipe(key, element);
        return SecretBytes.owning(all);
    }

    /** @throws KeyRefusedException when it is no key of exactly this spec */
    static KeyMaterial read(KeySpec spec, SecretBytes stored, SecureRandom random) throws KeyRefusedException {
        byte[] bytes = stored.reveal(SecretAccess.GRANTED);
        if (spec instanceof KeySpec.Oct) {
            return require(spec, ofOct(bytes));
        }
        try {
            return require(spec, readPkcs8(bytes, random));
        } finally {
            Der.wipe(bytes);
        }
    }

    private static KeyMaterial require(KeySpec spec, KeyMaterial key) throws KeyRefusedException {
        if (!key.spec().equals(spec)) {
            key.close();
            throw new KeyRefusedException(Refusal.INVALID_KEY, "the key is not of the kind " + spec.text());
        }
        return key;
    }

    static KeyMaterial readPkcs8(byte[] der, SecureRandom random) throws KeyRefusedException {
        if (der.length > MAX_PKCS8) {
            throw new KeyRefusedException(Refusal.INVALID_KEY, "a private key has at most " + MAX_PKCS8 + " bytes");
        }
        var outer = Der.of(der);
        var info = outer.read(Der.SEQUENCE);
        outer.end();
        if (info.integer().bitLength() > 1) {
            throw new KeyRefusedException(Refusal.INVALID_KEY, "the private key is of an unknown version");
        }
        var identifier = KeyIdentifier.of(info.element());
        byte[] key = info.read(Der.OCTET_STRING).rest();
        try {
            var material = read(identifier, key, random);
            try {
                finish(info, material);
            } catch (KeyRefusedException e) {
                material.close();
                throw e;
            }
            return material;
        } finally {
            Der.wipe(key);
        }
    }

    /** The numbers of a key of a curve, of the one form that is written. */
    static EcNumbers ec(byte[] pkcs8) throws KeyRefusedException {
        var info = Der.of(pkcs8).read(Der.SEQUENCE);
        info.integer();
        var identifier = KeyIdentifier.of(info.element());
        byte[] key = info.read(Der.OCTET_STRING).rest();
        try {
            return EcNumbers.ofDer(identifier, key);
        } finally {
            Der.wipe(key);
        }
    }

    /** SHA-256 of the private exponent of an RSA key, as long as the modulus, from the one form that is written. */
    static byte[] rsaRejection(KeyMaterial material) throws InvalidKeyException {
        byte[] pkcs8 = material.reveal();
        try {
            var info = Der.of(pkcs8).read(Der.SEQUENCE);
            info.integer();
            info.element();
            var key = info.read(Der.OCTET_STRING).read(Der.SEQUENCE);
            key.integer();
            int length = (key.integer().bitLength() + 7) / 8;
            key.integer();
            byte[] d = Numbers.octets(key.integer(), length);
            byte[] hash = Hash.SHA256.digest().digest(d);
            Der.wipe(d);
            return hash;
        } catch (KeyRefusedException e) {
            throw new InvalidKeyException(e);
        } finally {
            Der.wipe(pkcs8);
        }
    }

    private static KeyMaterial read(KeyIdentifier identifier, byte[] key, SecureRandom random)
            throws KeyRefusedException {
        return switch (identifier) {
            case RSA -> of(RsaNumbers.ofDer(key, random));
            case P256, P256K, P384, P521 -> of(EcNumbers.ofDer(identifier, key));
            case ED25519 -> {
                var outer = Der.of(key);
                byte[] seed = outer.read(Der.OCTET_STRING).rest();
                outer.end();
                yield ofEd25519(seed);
            }
            case ML_DSA_44, ML_DSA_65, ML_DSA_87 -> readMlDsa(identifier.mlDsa(), key);
        };
    }

    /** The seed, or the seed and what it expands to (RFC 9881 §6). The expanded key alone has lost its seed. */
    private static KeyMaterial readMlDsa(MlDsa parameters, byte[] key) throws KeyRefusedException {
        var outer = Der.of(key);
        if (outer.next(SEED)) {
            byte[] seed = outer.read(SEED).rest();
            outer.end();
            return ofMlDsa(parameters, seed);
        }
        if (!outer.next(Der.SEQUENCE)) {
            throw new KeyRefusedException(Refusal.UNSUPPORTED_KEY, "an ML-DSA key is taken with its seed");
        }
        var both = outer.read(Der.SEQUENCE);
        outer.end();
        byte[] seed = both.read(Der.OCTET_STRING).rest();
        byte[] given = both.read(Der.OCTET_STRING).rest();
        both.end();
        requireLength(seed, MlDsa.SEED);
        var expanded = expand(parameters, seed);
        byte[] encoded = expanded.getEncoded();
        boolean same = MessageDigest.isEqual(encoded, given);
        expanded.destroy();
        Der.wipe(encoded, given);
        if (!same) {
            Der.wipe(seed);
            throw new KeyRefusedException(Refusal.INVALID_KEY, "the expanded key does not belong to the seed");
        }
        return ofMlDsa(parameters, seed);
    }

    /** Attributes, which are passed over, and the public key, which has to belong to the private one. */
    private static void finish(Der info, KeyMaterial key) throws KeyRefusedException {
        if (info.next(0xa0)) {
            info.element();
        }
        if (info.next(0x81)) {
            byte[] bits = info.read(0x81).rest();
            var own = Der.of(key.requirePublic().spki()).read(Der.SEQUENCE);
            own.element();
            if (!Arrays.equals(own.read(Der.BIT_STRING).rest(), bits)) {
                throw new KeyRefusedException(Refusal.INVALID_KEY, "the public key does not belong to the private one");
            }
        }
        info.end();
    }
}
