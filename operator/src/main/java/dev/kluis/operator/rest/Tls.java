package dev.kluis.operator.rest;

import io.netty.handler.ssl.OpenSsl;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.net.OpenSSLEngineOptions;
import io.vertx.core.net.SSLEngineOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What does the mathematics of TLS: BoringSSL where its library loads, or the JDK. */
final class Tls {

    private static final Logger LOG = LoggerFactory.getLogger(Tls.class);

    private Tls() {}

    static SSLEngineOptions engine() {
        if (OpenSsl.isAvailable()) {
            LOG.info("TLS is done by {}", OpenSsl.versionString());
            return new OpenSSLEngineOptions();
        }
        LOG.info("TLS is done by the JDK: BoringSSL does not load here ({})", why(OpenSsl.unavailabilityCause()));
        return new JdkSSLEngineOptions();
    }

    private static String why(Throwable cause) {
        return cause.getClass().getSimpleName() + ": " + cause.getMessage();
    }
}
