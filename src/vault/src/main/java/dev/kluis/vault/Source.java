package dev.kluis.vault;

import java.util.Optional;

/**
 * Where a request came from, for the audit alone: no decision rests on it, and a client may have written all of it but
 * the address. Each text is cut to its limit, and a URI loses its query, in which clients have put secrets before.
 *
 * @param address the peer's IP address, at most {@value #ADDRESS} characters
 * @param clientInfo the client's name for itself (User-Agent), at most {@value #CLIENT_INFO} characters
 * @param requestUri without query and fragment, at most {@value #REQUEST_URI} characters
 * @param apiVersion the version of the contract that was asked for, at most {@value #API_VERSION} characters
 */
public record Source(
        Optional<String> address,
        Optional<String> clientInfo,
        Optional<String> requestUri,
        Optional<String> apiVersion) {

    private static final int ADDRESS = 64;
    private static final int CLIENT_INFO = 256;
    private static final int REQUEST_URI = 1024;
    private static final int API_VERSION = 32;

    /** Nothing is known: a controller, or Kluis itself. */
    public static final Source NONE =
            new Source(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    public Source {
        address = cut(address, ADDRESS);
        clientInfo = cut(clientInfo, CLIENT_INFO);
        requestUri = cut(requestUri.map(Source::withoutQuery), REQUEST_URI);
        apiVersion = cut(apiVersion, API_VERSION);
    }

    /** A source of which only the address is known. */
    public static Source at(String address) {
        return new Source(Optional.of(address), Optional.empty(), Optional.empty(), Optional.empty());
    }

    private static String withoutQuery(String uri) {
        int end = 0;
        while (end < uri.length() && uri.charAt(end) != '?' && uri.charAt(end) != '#') {
            end++;
        }
        return uri.substring(0, end);
    }

    private static Optional<String> cut(Optional<String> text, int limit) {
        return text.map(all -> all.length() <= limit ? all : all.substring(0, limit));
    }
}
