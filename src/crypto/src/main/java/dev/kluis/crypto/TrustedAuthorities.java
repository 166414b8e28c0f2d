package dev.kluis.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Trust of a TLS client in certificate authorities that somebody names, and in no others. */
public final class TrustedAuthorities {

    private TrustedAuthorities() {}

    /**
     * @param certificates one or more, PEM (RFC 7468 §5)
     * @throws CertificateException when there is none, or one that cannot be read; the message is for people
     */
    public static SSLContext in(String certificates) throws CertificateException {
        try {
            var store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int count = 0;
            for (var certificate : CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(certificates.getBytes(UTF_8)))) {
                store.setCertificateEntry("ca" + count++, certificate);
            }
            if (count == 0) {
                throw new CertificateException("there is no certificate in PEM");
            }
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            var context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (CertificateException e) {
            throw new CertificateException("there is no certificate in PEM", e);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("TLS is not usable in this runtime", e);
        }
    }
}
