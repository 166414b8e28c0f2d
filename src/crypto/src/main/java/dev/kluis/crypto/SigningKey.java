package dev.kluis.crypto;

import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;

/** An Ed25519 key (RFC 8032 §5.1) that signs. Deterministic: a message has one signature. */
public final class SigningKey {

    /** Length of the seed in bytes. */
    public static final int SEED = 32;

    private final Ed25519PrivateKeyParameters key;
    private final VerifyingKey verifying;

    private SigningKey(Ed25519PrivateKeyParameters key) {
        this.key = key;
        this.verifying = VerifyingKey.of(key.generatePublicKey().getEncoded());
    }

    /** @param seed {@value #SEED} bytes: the private key of RFC 8032; the caller closes it */
    public static SigningKey ofSeed(SecretBytes seed) {
        if (seed.length() != SEED) {
            throw new IllegalArgumentException("a seed has " + SEED + " bytes, not " + seed.length());
        }
        return new SigningKey(new Ed25519PrivateKeyParameters(seed.borrow(), 0));
    }

    public VerifyingKey verifyingKey() {
        return verifying;
    }

    /** @return {@value VerifyingKey#SIGNATURE} bytes */
    public byte[] sign(byte[] message) {
        var signer = new Ed25519Signer();
        signer.init(true, key);
        signer.update(message, 0, message.length);
        return signer.generateSignature();
    }

    @Override
    public String toString() {
        return "SigningKey[" + verifying.id() + "]";
    }
}
