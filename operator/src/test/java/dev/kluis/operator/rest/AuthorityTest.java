package dev.kluis.operator.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The host of a request. */
class AuthorityTest {

    @Test
    void a_vaults_own_host_has_vault_as_its_second_label() {
        var authority = Authority.parse("Payments.vault.svc.cluster.local:8443");
        assertThat(authority.vault()).contains("payments");
        assertThat(authority.parent()).isEqualTo("vault.svc.cluster.local:8443");
        assertThat(authority.text()).isEqualTo("payments.vault.svc.cluster.local:8443");
    }

    @Test
    void the_token_endpoints_host_is_no_vaults() {
        var authority = Authority.parse("LOGIN.vault.svc.cluster.local");
        assertThat(authority.login()).isTrue();
        assertThat(authority.vault()).isEmpty();
        assertThat(authority.parent()).isEqualTo("vault.svc.cluster.local");
        assertThat(Authority.parse("login.svc.cluster.local").login()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "127.0.0.1:8444",
                "[::1]:8444",
                "kluis-operator-api.kluis-system.svc",
                "vault.svc.cluster.local",
                "a.b.vault.svc"
            })
    void other_hosts_are_the_servers(String host) {
        assertThat(Authority.parse(host).vault()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a b",
                "a/b",
                "a\"b",
                "a..b",
                "user@host",
                "a:b",
                "a:",
                "a:123456",
                "é",
                "a,b",
                "a\r\nx",
                "[::1",
                "a.vault.x?y"
            })
    void what_is_no_host_is_refused(String host) {
        assertThatThrownBy(() -> Authority.parse(host)).isInstanceOf(RestException.class);
    }
}
