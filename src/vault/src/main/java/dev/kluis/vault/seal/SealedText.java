package dev.kluis.vault.seal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.kluis.crypto.RecipientKey;
import dev.kluis.crypto.RecipientKeyPair;
import dev.kluis.crypto.SealedBytesException;
import dev.kluis.crypto.SecretAccess;
import dev.kluis.crypto.SecretBytes;
import dev.kluis.crypto.Sha256;
import dev.kluis.crypto.TextForm;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.object.ObjectState;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Function;

/**
 * A value that was encrypted for one object of one vault, as docs/reference/sealed.md specifies it. It opens as no other
 * object, whatever the resource that carries it says.
 */
public final class SealedText {

    private static final int VERSION = 1;
    private static final int HEADER = 1 + RecipientKey.ID_LENGTH;
    private static final byte[] CONTEXT = {'K', 'L', 'X', 1};
    private static final TextForm TEXT = new TextForm(
            "kluis1", HEADER + RecipientKey.OVERHEAD, HEADER + RecipientKey.OVERHEAD + ObjectState.MAX_VALUE);

    private SealedText() {}

    /**
     * Encrypts a value for an object, which needs not be there yet.
     *
     * @param recipient the newest key of the object's vault
     * @throws IllegalArgumentException when the value is longer than 25,600 bytes or not UTF-8
     */
    public static String seal(ObjectId target, RecipientKey recipient, SecretBytes value, SecureRandom random) {
        if (value.length() > ObjectState.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "a secret's value has at most 25 KB (25,600 bytes), not " + value.length() + " bytes");
        }
        if (!isUtf8(value)) {
            throw new IllegalArgumentException("a secret's value is UTF-8; encode bytes, for example as base64");
        }
        byte[] header = ByteBuffer.allocate(HEADER)
                .put((byte) VERSION)
                .put(HexFormat.of().parseHex(recipient.id()))
                .array();
        byte[] sealed = recipient.seal(value, info(target), header, random);
        byte[] all = Arrays.copyOf(header, HEADER + sealed.length);
        System.arraycopy(sealed, 0, all, HEADER, sealed.length);
        return TEXT.encode(all);
    }

    /**
     * The value, which the caller closes: UTF-8, at most 25,600 bytes. Whoever may write a resource controls the text.
     *
     * @param keys the vault's, by their ids
     * @throws SealedBytesException when it was not sealed for this object; the message says what to do
     */
    public static SecretBytes open(ObjectId target, String text, Function<String, Optional<RecipientKeyPair>> keys)
            throws SealedBytesException {
        byte[] all = TEXT.decode(text);
        if (all[0] != VERSION) {
            throw new SealedBytesException("not a sealed value of version " + VERSION);
        }
        byte[] header = Arrays.copyOf(all, HEADER);
        String id = HexFormat.of().formatHex(header, 1, HEADER);
        var key = keys.apply(id)
                .orElseThrow(() -> new SealedBytesException("it was sealed to the key " + id
                        + ", which is none of this vault: seal it again with kluis seal, for this vault"));
        SecretBytes value;
        try {
            value = key.open(Arrays.copyOfRange(all, HEADER, all.length), info(target), header);
        } catch (SealedBytesException e) {
            throw new SealedBytesException(
                    "it was sealed for another vault or name, or was changed: seal it again with kluis seal, for "
                            + target);
        }
        if (!isUtf8(value)) {
            value.close();
            throw new SealedBytesException("the value in it is not UTF-8: encode it, for example as base64");
        }
        return value;
    }

    /** What a record remembers of a text that was taken in: SHA-256 over its characters, 64 hex characters. */
    public static String hash(String text) {
        return Sha256.hex(text.getBytes(UTF_8));
    }

    private static byte[] info(ObjectId target) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(CONTEXT);
        text(out, target.vault().namespace());
        text(out, target.vault().name());
        out.write(target.kind().code());
        text(out, target.name());
        return out.toByteArray();
    }

    private static void text(ByteArrayOutputStream out, String text) {
        byte[] utf8 = text.getBytes(UTF_8);
        out.write(utf8.length >>> 8);
        out.write(utf8.length);
        out.writeBytes(utf8);
    }

    private static boolean isUtf8(SecretBytes value) {
        byte[] bytes = value.reveal(SecretAccess.GRANTED);
        try {
            Arrays.fill(UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).array(), '\0');
            return true;
        } catch (CharacterCodingException e) {
            return false;
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }
}
