package dev.kluis.vault.engine;

import static dev.kluis.vault.engine.Engine.secret;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kluis.crypto.SecretBytes;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.VaultException.Code;
import dev.kluis.vault.access.Role;
import dev.kluis.vault.secret.ClientSecretOperations.ClientSecretVerify;
import dev.kluis.vault.secret.ClientSecretOperations.ClientSecretVersion;
import dev.kluis.vault.secret.SecretAttributes;
import dev.kluis.vault.secret.SecretOperations.SecretUpdate;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Secrets by which clients prove who they are. */
class ClientSecretsTest {

    private static final String VALUE = "canary-0123456789";

    private final Engine engine = new Engine().withVault();

    private static ClientSecretVerify offering(String text) {
        return new ClientSecretVerify(secret("client"), SecretBytes.owning(text.getBytes(UTF_8)));
    }

    private String verify(String text) {
        return engine.as(Role.SECRETS_USER, offering(text));
    }

    private void refuses(Code code, String text) {
        assertThatThrownBy(() -> verify(text))
                .isInstanceOfSatisfying(
                        VaultException.class,
                        refused -> assertThat(refused.code()).isEqualTo(code));
    }

    private void attributes(boolean enabled, Optional<Instant> from, Optional<Instant> until) {
        engine.as(
                Role.SECRETS_OFFICER,
                new SecretUpdate(secret("client"), new SecretAttributes(enabled, from, until, "", Map.of())));
    }

    @Test
    void the_value_in_force_is_known_again_and_a_wrong_one_is_told_as_what_it_is() {
        var version = engine.put("client", VALUE);
        engine.audit.clear();
        assertThat(verify(VALUE)).isEqualTo(version.id());
        for (String wrong : new String[] {"", "canary-0123456780", VALUE + "0", VALUE.substring(1)}) {
            refuses(Code.FORBIDDEN, wrong);
        }
        assertThat(engine.as(Role.SECRETS_USER, new ClientSecretVersion(secret("client"))))
                .isEqualTo(version.id());

        assertThat(engine.audit)
                .extracting(record -> record.operation() + " " + record.result().type())
                .containsExactly(
                        "ClientSecretVerify Success",
                        "ClientSecretVerify FORBIDDEN",
                        "ClientSecretVerify FORBIDDEN",
                        "ClientSecretVerify FORBIDDEN",
                        "ClientSecretVerify FORBIDDEN",
                        "ClientSecretVersion Success");
        assertThat(engine.audit.toString()).doesNotContain("canary");
        var another = engine.put("client", "another-0123456789");
        refuses(Code.FORBIDDEN, VALUE);
        assertThat(verify("another-0123456789")).isEqualTo(another.id());
    }

    @Test
    void a_secret_proves_nobody_that_can_be_guessed_is_disabled_or_out_of_its_dates() {
        engine.put("client", "0123456789abcde");
        refuses(Code.FORBIDDEN, "0123456789abcde");

        engine.put("client", VALUE);
        attributes(false, Optional.empty(), Optional.empty());
        refuses(Code.DISABLED, VALUE);
        attributes(true, Optional.of(engine.now.plus(Duration.ofHours(1))), Optional.empty());
        refuses(Code.NOT_YET_VALID, VALUE);
        attributes(true, Optional.empty(), Optional.of(engine.now));
        refuses(Code.EXPIRED, VALUE);
        assertThatThrownBy(() -> engine.as(Role.SECRETS_USER, new ClientSecretVersion(secret("client"))))
                .hasMessageContaining("expired");
    }

    @Test
    void who_may_not_get_the_secret_may_not_guess_it() {
        engine.put("client", VALUE);
        assertThatThrownBy(() -> engine.as(Role.READER, offering(VALUE)))
                .isInstanceOfSatisfying(
                        VaultException.class,
                        refused -> assertThat(refused.code()).isEqualTo(Code.FORBIDDEN));
        assertThatThrownBy(() -> engine.as(Role.READER, new ClientSecretVersion(secret("client"))))
                .isInstanceOf(VaultException.class);
    }

    @Test
    void what_was_offered_is_zeroed() {
        engine.put("client", VALUE);
        byte[] offered = VALUE.getBytes(UTF_8);
        engine.as(Role.SECRETS_USER, new ClientSecretVerify(secret("client"), SecretBytes.owning(offered)));
        assertThat(offered).containsOnly(0);
    }
}
