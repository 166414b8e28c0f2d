package dev.kluis.crds.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

@JsonInclude(JsonInclude.Include.NON_NULL)
public class VaultStatus extends KluisStatus {

    /** The settings in force. */
    public @Nullable String sku;

    public @Nullable String retention;
    public @Nullable Boolean purgeProtection;
    public @Nullable String offline;
    public @Nullable String permissionModel;
    public @Nullable Objects objects;
    public @Nullable Dependents dependents;
    public @Nullable Keys keys;

    /** What values are sealed to, see kluis seal. */
    public @Nullable SealingKey sealingKey;

    /** When a deleted vault is purged. */
    public @Nullable String scheduledPurge;

    public @Nullable Backup backup;

    /** The last backup, where backups are declared. Whether they succeed is the condition BackedUp. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public static class Backup {
        public @Nullable String lastSuccess;
        public @Nullable String lastAttempt;

        /** When the next one is due. */
        public @Nullable String next;

        /** Where the newest file is. */
        public @Nullable String location;

        /** Of the newest file. */
        public @Nullable Long bytes;

        public @Nullable Integer objects;

        /** Objects that were left out since their records could not be trusted. */
        public @Nullable Integer unreadable;

        /** The key that signs the files, 64 hex characters: keep it with the private key. */
        public @Nullable String signer;
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    public static class Objects {
        public int secrets;
        public int keys;
        public int deleted;
    }

    /** The public key of the vault. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public static class SealingKey {

        /** The key as kluis seal takes it: kluis-recipient1:... */
        public @Nullable String recipient;

        /** 32 lower-case hex characters, as in the values that were sealed to it. */
        public @Nullable String id;

        /** RFC 3339. */
        public @Nullable String created;
    }

    /** What depends on the vault from outside of it; while there is any, deleting it must be confirmed. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public static class Dependents {
        public int count;

        /** At most ten of them, as kind/namespace/name. */
        public @Nullable List<String> names;
    }

    /** The vault's data keys, which the annotation kluis.dev/rotate replaces. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public static class Keys {
        /** Of the newest, from 1 on. */
        public int generation;

        /** Older ones are still kept. */
        public @Nullable Boolean rotating;

        /** Records that are still sealed under an older one. */
        public @Nullable Integer behind;
    }
}
