package dev.kluis.operator.rest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.cert.Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** HTTP/1.1 byte by byte over TLS, for what no client would send. */
final class Raw implements AutoCloseable {

    private final SSLSocket socket;

    private Raw(SSLSocket socket) {
        this.socket = socket;
    }

    /** @param name of the host, which the certificate has to be for */
    static Raw open(SSLContext trusted, String name, int port) throws IOException {
        return over(new Socket("localhost", port), trusted, name, port);
    }

    /** From another address of this machine than others come from. */
    static Raw openElsewhere(SSLContext trusted, String name, int port) throws IOException {
        var elsewhere = InetAddress.getByAddress(new byte[] {127, 0, 0, 2});
        return over(new Socket(InetAddress.getLoopbackAddress(), port, elsewhere, 0), trusted, name, port);
    }

    private static Raw over(Socket plain, SSLContext trusted, String name, int port) throws IOException {
        var socket = (SSLSocket) trusted.getSocketFactory().createSocket(plain, name, port, true);
        var parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.setSoTimeout(20_000);
        socket.startHandshake();
        return new Raw(socket);
    }

    Certificate certificate() throws IOException {
        return socket.getSession().getPeerCertificates()[0];
    }

    Raw send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(ISO_8859_1));
        socket.getOutputStream().flush();
        return this;
    }

    /** All until the server closes. */
    String rest() throws IOException {
        return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    }

    /** Until as many bytes were read, or the server closed. */
    String read(int bytes) throws IOException {
        return new String(socket.getInputStream().readNBytes(bytes), ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
