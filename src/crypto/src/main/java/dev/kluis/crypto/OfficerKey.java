package dev.kluis.crypto;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * The private key of an officer as a file, protected by a passphrase or, if the officer says so, not at all;
 * docs/reference/seals.md, "Officer's key".
 */
public final class OfficerKey {

    /** The longest passphrase, in bytes of UTF-8. */
    public static final int MAX_PASSPHRASE = 1024;

    private static final int PLAIN = 0;
    private static final int PASSPHRASE = 1;
    private static final int HEADER = 1 + RecipientKey.ID_LENGTH;
    private static final int SALT = 16;
    private static final byte[] CONTEXT = {'K', 'L', 'W', 1};
    private static final TextForm TEXT = new TextForm(
            "kluis-officer1",
            HEADER + RecipientKeyPair.LENGTH,
            HEADER + SALT + RecipientKeyPair.LENGTH + SealingKey.OVERHEAD);

    // RFC 9106 §4, the second recommendation.
    private static final int PASSES = 3;
    private static final int LANES = 4;
    private static final int MEMORY_KIB = 64 * 1024;

    private OfficerKey() {}

    /** The line of an unprotected file. */
    public static String write(RecipientKeyPair pair) {
        try (var raw = pair.reveal(SecretAccess.GRANTED)) {
            byte[] all = concat(header(PLAIN, pair), raw.borrow());
            String text = TEXT.encode(all);
            Arrays.fill(all, (byte) 0);
            return text;
        }
    }

    /** The line of a file that only the passphrase opens. */
    public static String write(RecipientKeyPair pair, SecretBytes passphrase, SecureRandom random) {
        byte[] salt = new byte[SALT];
        random.nextBytes(salt);
        byte[] head = concat(header(PASSPHRASE, pair), salt);
        try (var key = key(passphrase, salt);
                var raw = pair.reveal(SecretAccess.GRANTED)) {
            return TEXT.encode(concat(head, key.seal(raw, concat(CONTEXT, head), random)));
        }
    }

    /** Whether the file needs a passphrase. */
    public static boolean needsPassphrase(String text) throws SealedBytesException {
        byte[] all = TEXT.decode(text);
        int protection = all[0];
        Arrays.fill(all, (byte) 0);
        return protection == PASSPHRASE;
    }

    /**
     * The pair, which the caller closes.
     *
     * @param passphrase empty for an unprotected file
     * @throws SealedBytesException when it is no such file, was changed, or the passphrase is another one
     */
    public static RecipientKeyPair read(String text, SecretBytes passphrase) throws SealedBytesException {
        byte[] all = TEXT.decode(text);
        try {
            byte[] rest = Arrays.copyOfRange(all, HEADER, all.length);
            var raw = switch (all[0]) {
                case PLAIN -> SecretBytes.owning(rest);
                case PASSPHRASE -> open(Arrays.copyOf(all, HEADER), rest, passphrase);
                default -> throw new SealedBytesException("not an officer's key of a kind that is known");
            };
            if (raw.length() != RecipientKeyPair.LENGTH) {
                raw.close();
                throw new SealedBytesException("not an officer's key: its length is wrong");
            }
            var pair = RecipientKeyPair.of(raw);
            if (!pair.publicKey().id().equals(HexFormat.of().formatHex(all, 1, HEADER))) {
                pair.close();
                throw new SealedBytesException("the officer's key was mistyped: its id does not fit");
            }
            return pair;
        } finally {
            Arrays.fill(all, (byte) 0);
        }
    }

    private static SecretBytes open(byte[] header, byte[] rest, SecretBytes passphrase) throws SealedBytesException {
        if (rest.length != SALT + RecipientKeyPair.LENGTH + SealingKey.OVERHEAD) {
            throw new SealedBytesException("not an officer's key: its length is wrong");
        }
        byte[] salt = Arrays.copyOf(rest, SALT);
        try (var key = key(passphrase, salt)) {
            return key.open(Arrays.copyOfRange(rest, SALT, rest.length), concat(CONTEXT, concat(header, salt)));
        } catch (SealedBytesException e) {
            throw new SealedBytesException("the officer's key does not open: another passphrase, or it was changed");
        }
    }

    private static SealingKey key(SecretBytes passphrase, byte[] salt) {
        if (passphrase.length() == 0 || passphrase.length() > MAX_PASSPHRASE) {
            throw new IllegalArgumentException("a passphrase has 1 to " + MAX_PASSPHRASE + " bytes");
        }
        var argon2 = new Argon2BytesGenerator();
        argon2.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withIterations(PASSES)
                .withParallelism(LANES)
                .withMemoryAsKB(MEMORY_KIB)
                .withSalt(salt)
                .build());
        byte[] key = new byte[SealingKey.LENGTH];
        argon2.generateBytes(passphrase.borrow(), key);
        return SealingKey.of(SecretBytes.owning(key));
    }

    private static byte[] header(int protection, RecipientKeyPair pair) {
        return ByteBuffer.allocate(HEADER)
                .put((byte) protection)
                .put(HexFormat.of().parseHex(pair.publicKey().id()))
                .array();
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }
}
