package dev.kluis.operator.audit;

import dev.kluis.crypto.TrustedAuthorities;
import dev.kluis.vault.audit.AuditLine;
import dev.kluis.vault.audit.AuditLine.MalformedLineException;
import dev.kluis.vault.audit.LineWriter;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * Sends audit lines as a batch of CloudEvents 1.0 in structured JSON (the JSON format's §4, the HTTP binding's §3.3). An
 * event's {@code data} is the line itself, byte for byte; its {@code id} is the line's instance and number, so that a
 * receiver drops what it gets again. Any answer but 2xx has the batch sent again; redirects are not followed.
 */
public final class HttpAudit implements LineWriter {

    private static final String CONTENT_TYPE = "application/cloudevents-batch+json";
    private static final long TOKEN_LIMIT = 16 * 1024;

    /**
     * @param url {@code https}, or {@code http} to what is on the same node; without user, password and fragment
     * @param tokenFile with a bearer token (RFC 6750), read for each batch, so that it may be rotated
     * @param caFile with the authorities to trust, PEM; absent, those of the Java runtime
     * @param timeout of connecting, and of an answer
     * @param source of the events: a URI reference
     */
    public record Settings(URI url, Optional<Path> tokenFile, Optional<Path> caFile, Duration timeout, String source) {
        public Settings {
            boolean http = "https".equals(url.getScheme()) || "http".equals(url.getScheme());
            if (!http || url.getHost() == null || url.getUserInfo() != null || url.getFragment() != null) {
                throw new IllegalArgumentException(
                        "the audit's URL is https or http, with a host, without user, password and fragment");
            }
        }
    }

    private final Settings settings;
    private final InstantSource clock;
    private final HttpClient http;

    public HttpAudit(Settings settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
        var builder = HttpClient.newBuilder()
                .connectTimeout(settings.timeout())
                .followRedirects(HttpClient.Redirect.NEVER)
                .version(HttpClient.Version.HTTP_1_1);
        settings.caFile().ifPresent(file -> builder.sslContext(trusting(file)));
        this.http = builder.build();
    }

    @Override
    public void write(List<String> lines) throws IOException {
        var request = HttpRequest.newBuilder(settings.url())
                .timeout(settings.timeout())
                .header("Content-Type", CONTENT_TYPE)
                .POST(HttpRequest.BodyPublishers.ofString(batch(lines), StandardCharsets.US_ASCII));
        if (settings.tokenFile().isPresent()) {
            request.header(
                    "Authorization", "Bearer " + token(settings.tokenFile().get()));
        }
        try {
            var response = http.send(request.build(), HttpResponse.BodyHandlers.discarding());
            if (response.statusCode() / 100 != 2) {
                throw new LaterException(
                        "the audit's receiver answered " + response.statusCode(),
                        response.headers().firstValue("Retry-After").flatMap(this::retryAfter));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    private String batch(List<String> lines) throws IOException {
        var json = new StringBuilder("[");
        for (var text : lines) {
            try {
                var line = AuditLine.parse(text.getBytes(StandardCharsets.US_ASCII));
                // Nothing but the source needs escaping: the rest is hex, a number, a time, or JSON already.
                json.append(json.length() > 1 ? "," : "")
                        .append("{\"specversion\":\"1.0\",\"id\":\"")
                        .append(line.position().instance())
                        .append('-')
                        .append(line.position().number())
                        .append("\",\"source\":\"")
                        .append(settings.source().replaceAll("[^0-9A-Za-z:/._-]", "_"))
                        .append("\",\"type\":\"dev.kluis.audit\",\"time\":\"")
                        .append(line.time())
                        .append("\",\"datacontenttype\":\"application/json\",\"data\":")
                        .append(text)
                        .append('}');
            } catch (MalformedLineException e) {
                throw new IOException("the audit wrote a line that it does not read", e);
            }
        }
        return json.append(']').toString();
    }

    /** Seconds or a date (RFC 9110 §10.2.3); anything else is not there. */
    private Optional<Duration> retryAfter(String text) {
        if (text.matches("[0-9]{1,9}")) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
        }
        try {
            var at = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            Instant now = clock.instant();
            return at.isAfter(now) ? Optional.of(Duration.between(now, at)) : Optional.empty();
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static String token(Path file) throws IOException {
        if (Files.size(file) > TOKEN_LIMIT) {
            throw new IOException("the token's file is longer than " + TOKEN_LIMIT + " bytes");
        }
        String token = Files.readString(file).strip();
        if (!token.matches("[0-9A-Za-z._~+/-]+=*")) {
            throw new IOException("the token's file holds no bearer token");
        }
        return token;
    }

    private static SSLContext trusting(Path file) {
        try {
            return TrustedAuthorities.in(Files.readString(file));
        } catch (CertificateException e) {
            throw new IllegalArgumentException("the audit's CA file holds no certificate", e);
        } catch (IOException e) {
            throw new IllegalArgumentException("the audit's CA file cannot be read", e);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
