package dev.kluis.crds.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

@JsonInclude(JsonInclude.Include.NON_NULL)
public class VaultSecretStatus extends KluisStatus {

    /** Namespace and name of the vault. */
    public @Nullable String vault;

    /** 32 lower-case hex characters. */
    public @Nullable String currentVersion;

    public @Nullable Integer versions;

    /** When the current version was made. */
    public @Nullable String lastRotation;

    /** The next time that matters: expiry, or the purge of what is deleted. */
    public @Nullable String nextEvent;
}
