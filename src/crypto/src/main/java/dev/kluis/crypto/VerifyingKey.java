package dev.kluis.crypto;

import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;

/** The public half of a {@link SigningKey}: Ed25519 (RFC 8032 §5.1), compared by its bytes. */
public final class VerifyingKey {

    /** Length of the encoded key in bytes. */
    public static final int LENGTH = 32;
    /** Length of a signature in bytes. */
    public static final int SIGNATURE = 64;

    private static final int ID = 16;

    private final Ed25519PublicKeyParameters key;
    private final String hex;

    private VerifyingKey(Ed25519PublicKeyParameters key) {
        this.key = key;
        this.hex = HexFormat.of().formatHex(key.getEncoded());
    }

    /**
     * @param encoded {@value #LENGTH} bytes (RFC 8032 §5.1.2)
     * @throws IllegalArgumentException when they are no point of the curve
     */
    public static VerifyingKey of(byte[] encoded) {
        if (encoded.length != LENGTH) {
            throw new IllegalArgumentException("an Ed25519 public key has " + LENGTH + " bytes");
        }
        return new VerifyingKey(new Ed25519PublicKeyParameters(encoded, 0));
    }

    /** @throws IllegalArgumentException when it is not 64 lower-case hex characters that encode a key */
    public static VerifyingKey ofHex(String hex) {
        if (!hex.matches("[0-9a-f]{" + 2 * LENGTH + "}")) {
            throw new IllegalArgumentException("an Ed25519 public key has " + 2 * LENGTH + " hex characters");
        }
        return of(HexFormat.of().parseHex(hex));
    }

    /** The encoded key, 64 hex characters. */
    public String hex() {
        return hex;
    }

    /** Whether these are the encoded key. */
    public boolean isEncodedAs(byte[] encoded) {
        return Arrays.equals(key.getEncoded(), encoded);
    }

    /** A name for the key: the first 16 bytes of the SHA-256 of its encoding, 32 hex characters. */
    public String id() {
        return HexFormat.of().formatHex(Sha256.of(key.getEncoded()), 0, ID);
    }

    /** Whether the signature, of any length, was made over exactly this message by the key's other half. */
    public boolean verify(byte[] message, byte[] signature) {
        var verifier = new Ed25519Signer();
        verifier.init(false, key);
        verifier.update(message, 0, message.length);
        return signature.length == SIGNATURE && verifier.verifySignature(signature);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof VerifyingKey that && hex.equals(that.hex);
    }

    @Override
    public int hashCode() {
        return hex.hashCode();
    }

    @Override
    public String toString() {
        return "VerifyingKey[" + hex + "]";
    }
}
