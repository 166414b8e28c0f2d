package dev.kluis.vault.access;

/** A data action of Key Vault's role-based access, below {@code Microsoft.KeyVault/vaults}. */
public enum Action {
    SECRET_GET("secrets/getSecret/action"),
    SECRET_READ_METADATA("secrets/readMetadata/action"),
    SECRET_SET("secrets/setSecret/action"),
    SECRET_UPDATE("secrets/update/action"),
    SECRET_DELETE("secrets/delete"),
    SECRET_RECOVER("secrets/recover/action"),
    SECRET_PURGE("secrets/purge/action"),
    VAULT_READ("read"),
    VAULT_WRITE("write"),
    VAULT_DELETE("delete"),
    VAULT_PURGE("purge/action"),
    VAULT_ACCEPT_RESTORE("acceptRestore/action");

    private final String id;

    Action(String id) {
        this.id = id;
    }

    public String id() {
        return id;
    }
}
