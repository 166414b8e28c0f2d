package dev.kluis.crypto;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.hpke.HPKE;
import org.bouncycastle.crypto.params.X25519PrivateKeyParameters;

/**
 * A public X25519 key (RFC 7748) to which bytes are sealed, so that only who has its {@link RecipientKeyPair} opens them:
 * HPKE (RFC 9180) in base mode, single-shot, with DHKEM(X25519, HKDF-SHA256), HKDF-SHA256 and AES-256-GCM.
 *
 * <p>Base mode does not prove who sealed: a sealed text is as trustworthy as the place it was found in.
 */
public final class RecipientKey {

    /** Length of the key, in bytes; also of the encapsulated key that a sealed form begins with. */
    public static final int LENGTH = 32;
    /** How much longer the sealed form is than the plaintext, in bytes. */
    public static final int OVERHEAD = LENGTH + 16;
    /** Length of {@link #id}, in bytes. */
    public static final int ID_LENGTH = 16;

    private static final byte[] ID_CONTEXT = {'K', 'L', 'P', 1};
    private static final TextForm TEXT = new TextForm("kluis-recipient1", ID_LENGTH + LENGTH, ID_LENGTH + LENGTH);

    private final byte[] key;

    private RecipientKey(byte[] key) {
        if (key.length != LENGTH) {
            throw new IllegalArgumentException("a recipient key has " + LENGTH + " bytes, not " + key.length);
        }
        this.key = key;
    }

    /** @param key {@value #LENGTH} bytes, little-endian as RFC 7748 §5 has it */
    public static RecipientKey of(byte[] key) {
        return new RecipientKey(key.clone());
    }

    /**
     * Reads what {@link #text} wrote. A key that was mistyped is noticed, since its id is another one.
     *
     * @throws SealedBytesException when it is not such a text
     */
    public static RecipientKey parse(String text) throws SealedBytesException {
        byte[] bytes = TEXT.decode(text);
        var key = new RecipientKey(Arrays.copyOfRange(bytes, ID_LENGTH, bytes.length));
        if (!Arrays.equals(bytes, 0, ID_LENGTH, key.idBytes(), 0, ID_LENGTH)) {
            throw new SealedBytesException("the key was mistyped: its id does not fit");
        }
        return key;
    }

    /** {@code kluis-recipient1:} and 64 characters: base64url of the id and the key. */
    public String text() {
        byte[] bytes = Arrays.copyOf(idBytes(), ID_LENGTH + LENGTH);
        System.arraycopy(key, 0, bytes, ID_LENGTH, LENGTH);
        return TEXT.encode(bytes);
    }

    public byte[] bytes() {
        return key.clone();
    }

    /** What the key is called: the first {@value #ID_LENGTH} bytes of SHA-256 over {@code "KLP" 01} and the key, in hex. */
    public String id() {
        return HexFormat.of().formatHex(idBytes());
    }

    private byte[] idBytes() {
        return Arrays.copyOf(Sha256.of(ID_CONTEXT, key), ID_LENGTH);
    }

    /**
     * Seals bytes: {@value #LENGTH} bytes encapsulated key, ciphertext as long as the plaintext, 16 bytes tag.
     *
     * @param info what the sealed bytes are for; whoever opens gives the same
     * @param additional authenticated, not part of the result
     * @param random makes the ephemeral key, fresh for every text, so the nonce of the AEAD needs none
     */
    public byte[] seal(SecretBytes plaintext, byte[] info, byte[] additional, SecureRandom random) {
        var hpke = Hpke.suite();
        var ephemeral = new X25519PrivateKeyParameters(random);
        try {
            var context = hpke.setupBaseS(
                    hpke.deserializePublicKey(key),
                    info,
                    new AsymmetricCipherKeyPair(ephemeral.generatePublicKey(), ephemeral));
            byte[] ciphertext = context.seal(additional, plaintext.borrow());
            byte[] sealed = Arrays.copyOf(context.getEncapsulation(), LENGTH + ciphertext.length);
            System.arraycopy(ciphertext, 0, sealed, LENGTH, ciphertext.length);
            return sealed;
        } catch (InvalidCipherTextException e) {
            throw new IllegalStateException("HPKE is not usable in this runtime", e);
        } catch (IllegalStateException e) {
            // RFC 9180 §7.1.4: the shared secret would be zeros.
            throw new IllegalArgumentException("nothing can be sealed to this key: it is of small order", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RecipientKey that && Arrays.equals(key, that.key);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(key);
    }

    @Override
    public String toString() {
        return "RecipientKey[" + id() + "]";
    }

    /** The one suite. */
    static final class Hpke {

        private Hpke() {}

        /** New for each use: it keeps state of its last one. */
        static HPKE suite() {
            return new HPKE(HPKE.mode_base, HPKE.kem_X25519_SHA256, HPKE.kdf_HKDF_SHA256, HPKE.aead_AES_GCM256);
        }
    }
}
