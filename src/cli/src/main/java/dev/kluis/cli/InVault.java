package dev.kluis.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;

/** A command about what is in one vault. */
abstract class InVault implements Callable<Integer> {

    final Terminal terminal;

    @Mixin
    final VaultOptions vault = new VaultOptions();

    @Mixin
    final Connection connection = new Connection();

    @Mixin
    final Output output = new Output();

    InVault(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        String path = vault.path(connection);
        try (var api = connection.open()) {
            run(api, path);
        }
        return Exit.OK;
    }

    /** @param path of the vault in the API, without a slash at its end */
    abstract void run(KluisApi api, String path);
}
