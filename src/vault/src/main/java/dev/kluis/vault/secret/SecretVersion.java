package dev.kluis.vault.secret;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A version of a secret, without its value.
 *
 * @param id 32 lower-case hex characters
 * @param length of the value, in bytes
 * @param commitment 64 hex characters: the vault's keyed commitment to the value
 * @param inContent the value lies in a content beside the record, not in it
 */
public record SecretVersion(
        String id,
        Instant created,
        Instant updated,
        SecretAttributes attributes,
        int length,
        String commitment,
        boolean inContent) {

    SecretVersion with(SecretAttributes changed, Instant now) {
        return new SecretVersion(id, created, now, changed, length, commitment, inContent);
    }

    /** The same version with the attributes that a backup has of it. */
    public SecretVersion restored(SecretAttributes changed, Instant at) {
        return with(changed, at);
    }

    /** The same version after its value was moved out of the record. */
    public SecretVersion movedToContent() {
        return new SecretVersion(id, created, updated, attributes, length, commitment, true);
    }

    /**
     * What a user decides about a version.
     *
     * @param notBefore informational for secrets, as in Key Vault
     * @param expires informational for secrets, as in Key Vault
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
    }

    /** What of a version's attributes is to become another: what is absent stays. */
    public record AttributesPatch(
            Optional<Boolean> enabled,
            Optional<Instant> notBefore,
            Optional<Instant> expires,
            Optional<String> contentType,
            Optional<Map<String, String>> tags) {

        SecretAttributes over(SecretAttributes before) {
            return new SecretAttributes(
                    enabled.orElse(before.enabled()),
                    notBefore.or(before::notBefore),
                    expires.or(before::expires),
                    contentType.orElse(before.contentType()),
                    tags.orElse(before.tags()));
        }
    }
}
