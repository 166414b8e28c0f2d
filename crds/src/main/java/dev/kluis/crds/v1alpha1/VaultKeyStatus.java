package dev.kluis.crds.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import org.jspecify.annotations.Nullable;

@JsonInclude(JsonInclude.Include.NON_NULL)
public class VaultKeyStatus extends KluisStatus {

    /** Namespace and name of the vault. */
    public @Nullable String vault;

    /** 32 lower-case hex characters. */
    public @Nullable String currentVersion;

    public @Nullable Integer versions;

    /** Of the current version; a symmetric key has none. */
    public @Nullable PublicKey publicKey;

    /** When the current version was made. */
    public @Nullable String lastRotation;

    /** When the next version will be made. */
    public @Nullable String nextRotation;

    /** The next time that matters: rotation, announcement or expiry. */
    public @Nullable String nextEvent;

    @JsonInclude(JsonInclude.Include.NON_NULL)
    public static class PublicKey {

        /** RFC 7517, without key_ops: kid, kty and what the type has, such as n and e; all are texts. */
        public @Nullable Map<String, String> jwk;
    }
}
