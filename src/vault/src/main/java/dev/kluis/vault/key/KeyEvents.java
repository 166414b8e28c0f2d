package dev.kluis.vault.key;

import dev.kluis.vault.object.ObjectView;
import dev.kluis.vault.object.VersionView;

/** Is told what came to pass with keys because time went by. */
@FunctionalInterface
public interface KeyEvents {

    /** As Key Vault's events: KeyNewVersionCreated, KeyNearExpiry, KeyExpired. */
    enum What {
        /** A policy demanded a new version, which is there; told once. */
        NEW_VERSION,
        /** The current version is about to expire; told once. */
        NEAR_EXPIRY,
        /** The current version expired a short time ago; told again and again in that time. */
        EXPIRED
    }

    /**
     * @param key as it was before
     * @param version that it happened to
     */
    void happened(What what, ObjectView key, VersionView version);
}
