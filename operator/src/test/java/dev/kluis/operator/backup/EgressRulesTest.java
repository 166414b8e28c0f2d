package dev.kluis.operator.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EgressRulesTest {

    private final EgressRules strict = new EgressRules(false);
    private final EgressRules lenient = new EgressRules(true);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://192.0.2.1",
                "https://169.254.169.254",
                "https://169.254.169.254:8443",
                "https://[fe80::1]",
                "https://[::ffff:169.254.169.254]",
                "https://2852039166",
                "https://127.0.0.1",
                "https://[::1]",
                "https://0.0.0.0",
                "https://224.0.0.1",
                "https://user:password@192.0.2.1",
                "https://192.0.2.1?x=y",
                "ftp://192.0.2.1",
                "file:///etc/passwd",
                "https:///nowhere",
                "not a url"
            })
    void attack_04_a_declaration_does_not_lead_the_operator_where_it_must_not_go(String endpoint) {
        assertThatThrownBy(() -> strict.require(endpoint)).isInstanceOf(IOException.class);
    }

    @Test
    void https_to_elsewhere_is_allowed_and_http_only_when_it_is_set() throws Exception {
        assertThat(strict.require("https://192.0.2.1:9000").getPort()).isEqualTo(9000);
        assertThat(lenient.require("http://127.0.0.1:9000").getPort()).isEqualTo(9000);
        assertThatThrownBy(() -> lenient.require("http://169.254.169.254")).isInstanceOf(IOException.class);
    }
}
