package dev.kluis.operator.rest;

import dev.kluis.operator.TestOperator;
import dev.kluis.testkit.Trust;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Requests from another address than those of {@link Api}. */
public final class Elsewhere {

    private Elsewhere() {}

    /** The whole response to a form. */
    public static String post(TestOperator operator, String host, String path, String form) {
        int port = operator.kluis().api().orElseThrow().port();
        try (var raw = Raw.openElsewhere(Trust.in(Api.authority(operator)), host, port)) {
            return raw.send("POST " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\nContent-Length: "
                            + form.length() + "\r\n\r\n" + form)
                    .rest();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
