package dev.kluis.backup.s3;

import dev.kluis.vault.backup.BackupDestination;
import dev.kluis.vault.backup.BackupName;
import dev.kluis.vault.backup.BackupNote;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/**
 * Files as objects of a bucket, addressed by path as every server of S3 understands it. Credentials are those given here
 * and nothing that the environment, a file or an instance's metadata service offers. Memory: one part of 5 MiB.
 */
public final class S3Destination implements BackupDestination {

    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);
    private static final Duration SOCKET_LIMIT = Duration.ofSeconds(60);

    /**
     * @param endpoint such as {@code https://s3.eu-west-1.amazonaws.com}
     * @param prefix before every name, empty or ending with a slash
     */
    public record Bucket(URI endpoint, String region, String name, String prefix) {}

    /** @param secretKey never printed */
    public record Credentials(String accessKeyId, String secretKey) {
        @Override
        public String toString() {
            return "Credentials[" + accessKeyId + "]";
        }
    }

    private final Bucket bucket;
    private final S3Client client;

    public S3Destination(Bucket bucket, Credentials credentials) {
        this.bucket = bucket;
        var nothing = ProfileFile.aggregator().build();
        this.client = S3Client.builder()
                .endpointOverride(bucket.endpoint())
                .region(Region.of(bucket.region()))
                .forcePathStyle(true)
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(credentials.accessKeyId(), credentials.secretKey())))
                // Servers other than Amazon's do not know the newer checksums; the file proves itself anyway.
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .overrideConfiguration(ClientOverrideConfiguration.builder()
                        .defaultProfileFile(nothing)
                        .build())
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(CONNECT_LIMIT)
                        .socketTimeout(SOCKET_LIMIT))
                .build();
    }

    @Override
    public Upload begin(BackupName name) {
        return new S3Upload(client, bucket.name(), key(name.toString()));
    }

    @Override
    public InputStream open(BackupName name) throws IOException {
        return attempt(
                "read from",
                () -> client.getObject(get -> get.bucket(bucket.name()).key(key(name.toString()))));
    }

    @Override
    public byte[] head(BackupName name, int bytes) throws IOException {
        try (var in = attempt(
                "read from",
                () -> client.getObject(get ->
                        get.bucket(bucket.name()).key(key(name.toString())).range("bytes=0-" + (bytes - 1))))) {
            byte[] head = in.readNBytes(bytes);
            // A server that knows no ranges sends all of it.
            in.abort();
            return head;
        }
    }

    @Override
    public List<Kept> list(BackupName.Folder folder) throws IOException {
        String prefix = key(folder + "/");
        return attempt("list", () -> {
            var kept = new ArrayList<Kept>();
            client.listObjectsV2Paginator(list -> list.bucket(bucket.name()).prefix(prefix))
                    .contents()
                    .forEach(object -> BackupName.parse(folder, object.key().substring(prefix.length()))
                            .ifPresent(name -> kept.add(new Kept(name, object.size()))));
            return kept;
        });
    }

    @Override
    public void annotate(BackupName name, byte[] note) throws IOException {
        attempt(
                "write to",
                () -> client.putObject(
                        put -> put.bucket(bucket.name()).key(key(name.note())), RequestBody.fromBytes(note)));
    }

    @Override
    public Optional<byte[]> note(BackupName name) throws IOException {
        try (var in = attempt(
                "read from",
                () -> client.getObject(get -> get.bucket(bucket.name()).key(key(name.note()))))) {
            byte[] note = in.readNBytes(BackupNote.LIMIT + 1);
            // Whatever is longer is not taken from the server.
            in.abort();
            return Optional.of(note);
        } catch (IOException e) {
            if (e.getCause() instanceof NoSuchKeyException) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public void delete(BackupName name) throws IOException {
        // The note first: what is left when this is cut off is a file, which the next list shows.
        for (String one : List.of(name.note(), name.toString())) {
            attempt(
                    "delete in",
                    () -> client.deleteObject(
                            delete -> delete.bucket(bucket.name()).key(key(one))));
        }
    }

    @Override
    public String location(BackupName name) {
        return "s3://" + bucket.name() + "/" + key(name.toString());
    }

    private String key(String name) {
        return bucket.prefix() + name;
    }

    @Override
    public void close() {
        client.close();
    }

    @FunctionalInterface
    interface Attempt<T> {
        T make();
    }

    /** What went wrong, by the server's status and its code only: its texts are not ours to show. */
    static <T> T attempt(String what, Attempt<T> attempt) throws IOException {
        try {
            return attempt.make();
        } catch (SdkServiceException e) {
            throw new IOException("the S3 server refused to " + what + " the bucket with status " + e.statusCode(), e);
        } catch (SdkException e) {
            throw new IOException("the S3 server cannot be reached to " + what + " the bucket", e);
        }
    }
}
