package dev.kluis.vault.model;

import dev.kluis.vault.Owner;
import dev.kluis.vault.VaultId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** All vaults as the model sees them; nothing in it changes. */
record World(Map<VaultId, Vault> vaults) {

    enum Stage {
        ACTIVE,
        DELETED,
        PURGED
    }

    record Version(int value, Instant created, boolean enabled, String type) {
        @Override
        public String toString() {
            return value + (enabled ? "" : " disabled") + (type.isEmpty() ? "" : " " + type);
        }
    }

    /** @param purge when a deleted one is due */
    record Secret(
            long revision,
            Stage stage,
            Optional<Instant> purge,
            List<Version> versions,
            Optional<Owner> owner,
            boolean keep) {

        static final Secret NONE = new Secret(0, Stage.PURGED, Optional.empty(), List.of(), Optional.empty(), false);

        Secret to(Stage next, Optional<Instant> due, List<Version> changed) {
            return new Secret(revision + 1, next, due, changed, owner, keep);
        }

        @Override
        public String toString() {
            return stage + " #" + revision + " " + versions
                    + purge.map(at -> " until " + at).orElse("")
                    + owner.map(one -> " of " + one).orElse("") + (keep ? " kept" : "");
        }

        /** As answers show it that do not tell the revision. */
        Secret shown() {
            return new Secret(0, stage, purge, versions, owner, keep);
        }
    }

    record Vault(Stage stage, Optional<Instant> purge, int days, boolean protection, Map<String, Secret> secrets) {
        Vault to(Stage next, Optional<Instant> due) {
            return new Vault(next, due, days, protection, next == Stage.PURGED ? Map.of() : secrets);
        }

        Vault shown() {
            return new Vault(stage, purge, days, protection, Map.of());
        }

        boolean active() {
            return stage == Stage.ACTIVE;
        }
    }

    private static final Vault NO_VAULT = new Vault(Stage.PURGED, Optional.empty(), 0, false, Map.of());

    Vault vault(VaultId id) {
        return vaults.getOrDefault(id, NO_VAULT);
    }

    World with(VaultId id, Vault vault) {
        var all = new TreeMap<>(vaults);
        all.put(id, vault);
        return new World(all);
    }

    World with(VaultId id, String name, Secret secret) {
        var vault = vault(id);
        var all = new TreeMap<>(vault.secrets());
        all.put(name, secret);
        return with(id, new Vault(vault.stage(), vault.purge(), vault.days(), vault.protection(), all));
    }
}
