package dev.kluis.operator.keyvault;

import dev.kluis.crypto.TrustedAuthorities;
import dev.kluis.vault.seal.RemoteKeyException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/**
 * Requests of one conversation, whose answers are bounded in time and size. No redirect is followed: a token or a key would
 * go along.
 */
final class Https implements AutoCloseable {

    private static final long ANSWER_LIMIT = 64 * 1024;

    private final Duration timeout;
    private final HttpClient client;

    /** @param caFile the authorities that alone are trusted; absent, those of the Java runtime */
    Https(Optional<Path> caFile, Duration timeout) throws RemoteKeyException {
        this.timeout = timeout;
        var builder = HttpClient.newBuilder()
                .connectTimeout(timeout)
                .followRedirects(HttpClient.Redirect.NEVER)
                .version(HttpClient.Version.HTTP_1_1);
        if (caFile.isPresent()) {
            builder.sslContext(trusting(caFile.get()));
        }
        this.client = builder.build();
    }

    private static SSLContext trusting(Path file) throws RemoteKeyException {
        try {
            return TrustedAuthorities.in(Files.readString(file));
        } catch (IOException | CertificateException e) {
            throw new RemoteKeyException(
                    "the file of the authorities to trust cannot be read, or holds no certificate in PEM: give"
                            + " seal.keyvault.caConfigMap one");
        }
    }

    /** @param who answers, for people */
    HttpResponse<byte[]> send(String who, HttpRequest.Builder request) throws RemoteKeyException {
        var answer = client.sendAsync(
                request.timeout(timeout).build(), BodyHandlers.limiting(BodyHandlers.ofByteArray(), ANSWER_LIMIT));
        try {
            return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw unreachable(who, "it does not answer in time");
        } catch (ExecutionException e) {
            throw unreachable(who, why(Optional.ofNullable(e.getCause()).orElse(e)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unreachable(who, "interrupted");
        } finally {
            answer.cancel(true);
        }
    }

    private static RemoteKeyException unreachable(String who, String why) {
        return new RemoteKeyException(who + " cannot be reached: " + why + "; Kluis tries again by itself");
    }

    /** Not in the words of the exceptions, which quote addresses. */
    private static String why(Throwable failure) {
        return switch (failure) {
            case ConnectException none
            when none.getCause() instanceof UnresolvedAddressException -> "its host has no address";
            case HttpConnectTimeoutException late -> "it does not accept the connection in time";
            case ConnectException none -> "nothing accepts the connection there";
            case SSLException untrusted
            when isOfCertificate(untrusted) ->
                "its certificate is not for its host, or not of an authority that is trusted (seal.keyvault.caConfigMap"
                        + " names those)";
            case HttpTimeoutException late -> "it does not answer in time";
            default -> "the connection broke";
        };
    }

    /** And not of a connection that ended before the certificate came. */
    private static boolean isOfCertificate(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .limit(8)
                .anyMatch(CertificateException.class::isInstance);
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
