package dev.kluis.vault.secret;

import dev.kluis.vault.object.Attributes;
import dev.kluis.vault.object.ObjectVersion;
import dev.kluis.vault.object.SecretDetail;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a user decides about a version of a secret.
 *
 * @param notBefore informational, as in Key Vault
 * @param expires informational, as in Key Vault
 */
public record SecretAttributes(
        boolean enabled,
        Optional<Instant> notBefore,
        Optional<Instant> expires,
        String contentType,
        Map<String, String> tags) {

    public static final SecretAttributes NONE =
            new SecretAttributes(true, Optional.empty(), Optional.empty(), "", Map.of());

    public SecretAttributes {
        tags = Collections.unmodifiableMap(new TreeMap<>(tags));
    }

    /** @throws IllegalArgumentException when it is not a secret's */
    public static SecretAttributes of(ObjectVersion version) {
        if (!(version.detail() instanceof SecretDetail(String contentType))) {
            throw new IllegalArgumentException("not a version of a secret");
        }
        return of(version.attributes(), contentType);
    }

    static SecretAttributes of(Attributes common, String contentType) {
        return new SecretAttributes(common.enabled(), common.notBefore(), common.expires(), contentType, common.tags());
    }

    /** What versions of every kind have. */
    public Attributes common() {
        return new Attributes(enabled, notBefore, expires, tags);
    }

    public SecretDetail detail() {
        return new SecretDetail(contentType);
    }
}
