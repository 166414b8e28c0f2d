package dev.kluis.crypto;

import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.params.X25519PrivateKeyParameters;

/** A private X25519 key that opens what was sealed to its {@link RecipientKey}. */
public final class RecipientKeyPair implements AutoCloseable {

    /** Length of the private key, in bytes. */
    public static final int LENGTH = 32;

    private final SecretBytes privateKey;
    private final RecipientKey publicKey;

    private RecipientKeyPair(SecretBytes privateKey) {
        if (privateKey.length() != LENGTH) {
            throw new IllegalArgumentException("a private key has " + LENGTH + " bytes, not " + privateKey.length());
        }
        this.privateKey = privateKey;
        this.publicKey = RecipientKey.of(parameters().generatePublicKey().getEncoded());
    }

    public static RecipientKeyPair generate(SecureRandom random) {
        byte[] bytes = new byte[LENGTH];
        random.nextBytes(bytes);
        return new RecipientKeyPair(SecretBytes.owning(bytes));
    }

    /** @param privateKey {@value #LENGTH} bytes, any of them legal (RFC 7748 §5), which from now on belong to the result */
    public static RecipientKeyPair of(SecretBytes privateKey) {
        return new RecipientKeyPair(privateKey);
    }

    public RecipientKey publicKey() {
        return publicKey;
    }

    /** A copy of the private key, {@value #LENGTH} bytes, which the caller closes. */
    public SecretBytes reveal(SecretAccess access) {
        return SecretBytes.owning(privateKey.reveal(access));
    }

    /**
     * What was sealed, which the caller closes.
     *
     * @param sealed as {@link RecipientKey#seal} makes it; whoever wrote it controls every byte
     * @throws SealedBytesException always the same, whatever it is that does not fit
     */
    public SecretBytes open(byte[] sealed, byte[] info, byte[] additional) throws SealedBytesException {
        if (sealed.length < RecipientKey.OVERHEAD) {
            throw doesNotOpen();
        }
        try {
            var pair = new AsymmetricCipherKeyPair(parameters().generatePublicKey(), parameters());
            var context = RecipientKey.Hpke.suite().setupBaseR(Arrays.copyOf(sealed, RecipientKey.LENGTH), pair, info);
            return SecretBytes.owning(
                    context.open(additional, Arrays.copyOfRange(sealed, RecipientKey.LENGTH, sealed.length)));
        } catch (InvalidCipherTextException | IllegalStateException | IllegalArgumentException e) {
            throw doesNotOpen();
        }
    }

    private X25519PrivateKeyParameters parameters() {
        return new X25519PrivateKeyParameters(privateKey.borrow());
    }

    private static SealedBytesException doesNotOpen() {
        return new SealedBytesException("sealed bytes do not open");
    }

    @Override
    public void close() {
        privateKey.close();
    }

    @Override
    public String toString() {
        return "RecipientKeyPair[" + publicKey.id() + "]";
    }
}
