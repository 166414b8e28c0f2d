package dev.kluis.vault.store;

import java.util.Arrays;

/** The two parts of a record; neither tells a secret. Arrays are handed over, not copied, and never changed. */
@SuppressWarnings("ArrayRecordComponent") // equality is by content, below
public record RecordBytes(byte[] header, byte[] sealed) {

    public RecordBytes {
        if (header.length + sealed.length > Store.RECORD_LIMIT) {
            throw new IllegalArgumentException("a record has at most " + Store.RECORD_LIMIT + " bytes");
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RecordBytes(byte[] otherHeader, byte[] otherSealed)
                && Arrays.equals(header, otherHeader)
                && Arrays.equals(sealed, otherSealed);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(header) * 31 + Arrays.hashCode(sealed);
    }

    @Override
    public String toString() {
        return "RecordBytes[" + header.length + " + " + sealed.length + " bytes]";
    }
}
