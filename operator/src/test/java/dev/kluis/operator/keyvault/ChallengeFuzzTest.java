package dev.kluis.operator.keyvault;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kluis.fuzz.Fuzz;
import dev.kluis.vault.seal.RemoteKeyException;
import dev.kluis.vault.seal.RemoteKeyId;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What whoever answers at a vault's address may want a token for. */
@Tag("fuzz")
class ChallengeFuzzTest {

    private static final RemoteKeyId KEY = RemoteKeyId.parse("https://kv.vault.example.com:8443/keys/root");

    @Test
    void a_resource_is_the_domain_of_the_vaults_host_or_there_is_none() {
        Fuzz.of("challenge")
                .good(
                        "azure",
                        "Bearer authorization=\"https://login.windows.net/72f988bf\", resource=\"https://vault.example.com\"")
                .good(
                        "scope",
                        "Bearer authorization_uri=\"https://login.vault.example.com:8443/adfs\", "
                                + "scope=\"https://vault.example.com:8443/.default\", error=\"insufficient_claims\"")
                .words(
                        "Bearer ",
                        "resource=\"",
                        "scope=\"",
                        "https://",
                        "/.default",
                        "@",
                        "#",
                        "?",
                        "\\",
                        "%2e",
                        ":8443")
                .words("kv.vault.example.com", ".com", "evil", "[::1]", "//", ", ", "\"")
                .refusing(RemoteKeyException.class)
                .run(input -> {
                    var resource = URI.create(ResourceChallenge.resource(List.of(new String(input, UTF_8)), KEY));
                    assertThat(resource.getHost().toLowerCase(Locale.ROOT)).isIn("vault.example.com", "example.com");
                    assertThat(resource.getPort()).isIn(-1, 8443);
                });
    }
}
