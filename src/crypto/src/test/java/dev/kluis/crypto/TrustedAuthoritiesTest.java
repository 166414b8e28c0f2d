package dev.kluis.crypto;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.cert.CertificateException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrustedAuthoritiesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no certificate",
                "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
                "-----BEGIN CERTIFICATE-----\n"
            })
    void what_holds_no_certificate_is_refused_and_trusts_nobody(String text) {
        assertThatThrownBy(() -> TrustedAuthorities.in(text))
                .isInstanceOf(CertificateException.class)
                .hasMessage("there is no certificate in PEM");
    }
}
