package dev.kluis.operator.root;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.function.IntSupplier;

/** A port that stays the same and leads to one that does not, until it is cut. */
final class Relay implements AutoCloseable {

    private final IntSupplier target;
    private final int port;
    private ServerSocket listening;

    /** @param target where each connection is led to */
    Relay(IntSupplier target) throws IOException {
        this.target = target;
        this.listening = listen(0);
        this.port = listening.getLocalPort();
    }

    int port() {
        return port;
    }

    /** Nothing accepts connections any more. */
    void cut() throws IOException {
        listening.close();
    }

    void mend() throws IOException {
        listening = listen(port);
    }

    private ServerSocket listen(int at) throws IOException {
        var socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), at));
        Thread.ofVirtual().start(() -> accept(socket));
        return socket;
    }

    private void accept(ServerSocket socket) {
        try {
            while (true) {
                var from = socket.accept();
                Thread.ofVirtual().start(() -> lead(from));
            }
        } catch (IOException e) {
            // Cut.
        }
    }

    private void lead(Socket from) {
        try (from;
                var to = new Socket(InetAddress.getLoopbackAddress(), target.getAsInt())) {
            var back = Thread.ofVirtual().start(() -> copy(to, from));
            copy(from, to);
            back.interrupt();
        } catch (IOException e) {
            // Nothing is there to lead to.
        }
    }

    private static void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException e) {
            // One of both has gone.
        }
    }

    @Override
    public void close() {
        try {
            cut();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
