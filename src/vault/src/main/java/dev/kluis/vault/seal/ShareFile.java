package dev.kluis.vault.seal;

import dev.kluis.crypto.RecipientKey;
import dev.kluis.crypto.RecipientKeyPair;
import dev.kluis.crypto.SealedBytesException;
import dev.kluis.crypto.SealingKey;
import dev.kluis.crypto.SecretBytes;
import dev.kluis.crypto.TextForm;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A share of a root, encrypted to one officer; docs/reference/seals.md, "Share file". Everything beside the share is
 * bound to it, so that a file that was changed does not open.
 *
 * @param set 32 hex characters
 * @param generation of the root
 * @param officer the id of the officer's key
 * @param sealed 80 bytes
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record ShareFile(
        String set, int generation, int index, int threshold, int officers, String officer, byte[] sealed) {

    private static final int HEADER = 16 + 4 + 3 + RecipientKey.ID_LENGTH;
    private static final int SHARE = SealingKey.LENGTH + RecipientKey.OVERHEAD;
    private static final TextForm TEXT = new TextForm("kluis-share1", HEADER + SHARE, HEADER + SHARE);
    private static final byte[] CONTEXT = {'K', 'L', 'O', 1};
    private static final byte[] NONE = {};

    static ShareFile seal(
            String set,
            int generation,
            int index,
            int threshold,
            int officers,
            RecipientKey officer,
            SecretBytes share,
            SecureRandom random) {
        byte[] header = header(set, generation, index, threshold, officers, officer.id());
        return new ShareFile(
                set,
                generation,
                index,
                threshold,
                officers,
                officer.id(),
                officer.seal(share, context(header), NONE, random));
    }

    /** The one line that counts. */
    public String text() {
        byte[] header = header(set, generation, index, threshold, officers, officer);
        return TEXT.encode(
                ByteBuffer.allocate(HEADER + SHARE).put(header).put(sealed).array());
    }

    /** Reads that line. Whoever gave the file controls all of it until it opened. */
    public static ShareFile parse(String text) throws SealedBytesException {
        var in = ByteBuffer.wrap(TEXT.decode(text));
        return new ShareFile(
                hex(in), in.getInt(), in.get() & 0xff, in.get() & 0xff, in.get() & 0xff, hex(in), rest(in));
    }

    /**
     * The share, sealed again to the ceremony's key, so that only the operator which began it can take it.
     *
     * @throws SealedBytesException when the share is another officer's or the file was changed
     */
    public String submission(RecipientKeyPair pair, RecipientKey ceremony, SecureRandom random)
            throws SealedBytesException {
        if (!pair.publicKey().id().equals(officer)) {
            throw new SealedBytesException("the share is for the officer's key " + officer + ", and this is "
                    + pair.publicKey().id());
        }
        byte[] header = header(set, generation, index, threshold, officers, officer);
        try (var share = pair.open(sealed, context(header), NONE)) {
            return Submission.seal(set, index, share, ceremony, random);
        }
    }

    private static byte[] header(String set, int generation, int index, int threshold, int officers, String officer) {
        return ByteBuffer.allocate(HEADER)
                .put(HexFormat.of().parseHex(set))
                .putInt(generation)
                .put((byte) index)
                .put((byte) threshold)
                .put((byte) officers)
                .put(HexFormat.of().parseHex(officer))
                .array();
    }

    private static byte[] context(byte[] header) {
        return ByteBuffer.allocate(CONTEXT.length + HEADER)
                .put(CONTEXT)
                .put(header)
                .array();
    }

    private static String hex(ByteBuffer in) {
        byte[] bytes = new byte[16];
        in.get(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private static byte[] rest(ByteBuffer in) {
        byte[] bytes = new byte[in.remaining()];
        in.get(bytes);
        return bytes;
    }

    @Override
    public String toString() {
        return "share " + index + " of " + officers + ", any " + threshold + " of them, of the set " + set
                + ", for the officer's key " + officer;
    }

    /**
     * A share on its way to the operator; docs/reference/seals.md, "Submission".
     *
     * @param sealed to the ceremony's key
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record Submission(String set, int index, byte[] sealed) {

        private static final int HEADER = 16 + 1;
        private static final TextForm TEXT = new TextForm("kluis-submission1", HEADER + SHARE, HEADER + SHARE);
        private static final byte[] CONTEXT = {'K', 'L', 'U', 1};

        private static String seal(
                String set, int index, SecretBytes share, RecipientKey ceremony, SecureRandom random) {
            byte[] sealed = ceremony.seal(share, context(set, index), NONE, random);
            return TEXT.encode(ByteBuffer.allocate(HEADER + SHARE)
                    .put(HexFormat.of().parseHex(set))
                    .put((byte) index)
                    .put(sealed)
                    .array());
        }

        /** Whoever can reach the operator controls all of it. */
        static Submission parse(String text) throws SealedBytesException {
            byte[] all = TEXT.decode(text);
            return new Submission(
                    HexFormat.of().formatHex(all, 0, 16), all[16] & 0xff, Arrays.copyOfRange(all, HEADER, all.length));
        }

        SecretBytes open(RecipientKeyPair ceremony) throws SealedBytesException {
            return ceremony.open(sealed, context(set, index), NONE);
        }

        private static byte[] context(String set, int index) {
            return ByteBuffer.allocate(CONTEXT.length + HEADER)
                    .put(CONTEXT)
                    .put(HexFormat.of().parseHex(set))
                    .put((byte) index)
                    .array();
        }
    }
}
