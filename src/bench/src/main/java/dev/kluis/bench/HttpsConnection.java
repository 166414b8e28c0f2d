package dev.kluis.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Arrays;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * A connection that stays, with one request after the other (HTTP/1.1, RFC 9112, over TLS). It does as little as a client
 * can, so that the load takes less of its processor than the server of its own.
 */
final class HttpsConnection implements AutoCloseable {

    private static final int LONGEST_ANSWER = 64 * 1024;
    private static final int TIMEOUT_MILLIS = 60_000;
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 ([0-9]{3}) .*", Pattern.DOTALL);
    private static final Pattern LENGTH =
            Pattern.compile("\r\ncontent-length: ([0-9]{1,6})\r\n", Pattern.CASE_INSENSITIVE);

    record Answer(int status, String body) {}

    private final SSLSocket socket;
    private final InputStream in;
    private final OutputStream out;
    private final byte[] buffer = new byte[LONGEST_ANSWER];

    /** @param host of the certificate and in requests; the server is on this machine */
    HttpsConnection(SSLContext trusted, String host, int port) throws IOException {
        var plain = new Socket("localhost", port);
        plain.setTcpNoDelay(true);
        socket = (SSLSocket) trusted.getSocketFactory().createSocket(plain, host, port, true);
        var parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.startHandshake();
        in = socket.getInputStream();
        out = socket.getOutputStream();
    }

    /** @param head what stands between the request line and the body's length, each line with its end */
    static byte[] request(String method, String path, String head, String body) {
        String length = body.isEmpty() ? "" : "Content-Length: " + body.length() + "\r\n";
        return (method + " " + path + " HTTP/1.1\r\n" + head + length + "\r\n" + body).getBytes(ISO_8859_1);
    }

    Answer ask(byte[] request) throws IOException {
        out.write(request);
        int filled = 0;
        int end = -1;
        while (end < 0) {
            filled += some(filled);
            end = endOfHead(filled);
        }
        String head = new String(buffer, 0, end, ISO_8859_1);
        var status = STATUS.matcher(head);
        if (!status.matches()) {
            throw new IOException("an answer without a status");
        }
        var length = LENGTH.matcher(head);
        int whole = end + (length.find() ? Integer.parseInt(length.group(1)) : 0);
        while (filled < whole) {
            filled += some(filled);
        }
        if (filled > whole) {
            throw new IOException("more came than was asked for");
        }
        return new Answer(Integer.parseInt(status.group(1)), new String(buffer, end, whole - end, ISO_8859_1));
    }

    private int some(int filled) throws IOException {
        int read = in.read(buffer, filled, buffer.length - filled);
        if (read <= 0) {
            throw new EOFException("the server closed the connection, or its answer is too long");
        }
        return read;
    }

    /** Behind the empty line, or -1. */
    private int endOfHead(int filled) {
        for (int i = 3; i < filled; i++) {
            if (buffer[i] == '\n' && buffer[i - 1] == '\r' && buffer[i - 2] == '\n' && buffer[i - 3] == '\r') {
                return i + 1;
            }
        }
        return -1;
    }

    @Override
    public void close() throws IOException {
        Arrays.fill(buffer, (byte) 0);
        socket.close();
    }
}
