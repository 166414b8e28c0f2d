package dev.kluis.backup.s3;

import static dev.kluis.backup.s3.S3Destination.attempt;

import dev.kluis.vault.backup.BackupDestination.Upload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/**
 * One object on its way. A small one is put at once when it is committed; a larger one goes in parts, which the server
 * joins then and not before.
 */
final class S3Upload extends Upload {

    /** The smallest part that S3 takes. With at most 10,000 parts a file has up to 48 GiB. */
    private static final int PART = 5 * 1024 * 1024;

    private static final int MAX_PARTS = 10_000;

    private final S3Client client;
    private final String bucket;
    private final String key;
    private final byte[] part = new byte[PART];
    private final List<CompletedPart> parts = new ArrayList<>();
    private int filled;
    private @Nullable String upload;
    private boolean committed;

    S3Upload(S3Client client, String bucket, String key) {
        this.client = client;
        this.bucket = bucket;
        this.key = key;
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        int done = 0;
        while (done < length) {
            if (filled == PART) {
                sendPart();
            }
            int some = Math.min(length - done, PART - filled);
            System.arraycopy(bytes, offset + done, part, filled, some);
            filled += some;
            done += some;
        }
    }

    private void sendPart() throws IOException {
        if (upload == null) {
            upload = attempt(
                    "write to",
                    () -> client.createMultipartUpload(
                                    create -> create.bucket(bucket).key(key))
                            .uploadId());
        }
        int number = parts.size() + 1;
        if (number > MAX_PARTS) {
            throw new IOException("the file is larger than S3 takes in parts of 5 MiB");
        }
        var body = RequestBody.fromByteBuffer(ByteBuffer.wrap(part, 0, filled));
        var answer = attempt(
                "write to",
                () -> client.uploadPart(
                        one -> one.bucket(bucket).key(key).uploadId(upload).partNumber(number), body));
        parts.add(CompletedPart.builder().partNumber(number).eTag(answer.eTag()).build());
        filled = 0;
    }

    @Override
    public void commit() throws IOException {
        if (upload == null) {
            var body = RequestBody.fromByteBuffer(ByteBuffer.wrap(part, 0, filled));
            attempt("write to", () -> client.putObject(put -> put.bucket(bucket).key(key), body));
        } else {
            sendPart();
            attempt(
                    "write to",
                    () -> client.completeMultipartUpload(complete -> complete.bucket(bucket)
                            .key(key)
                            .uploadId(upload)
                            .multipartUpload(all -> all.parts(parts))));
        }
        committed = true;
    }

    @Override
    public void close() throws IOException {
        if (!committed && upload != null) {
            attempt(
                    "clean",
                    () -> client.abortMultipartUpload(
                            abort -> abort.bucket(bucket).key(key).uploadId(upload)));
            committed = true;
        }
    }
}
