package dev.kluis.operator;

import dev.kluis.operator.backup.Backups;
import dev.kluis.operator.key.KeyEventRecorder;
import dev.kluis.operator.kind.Disposal;
import dev.kluis.vault.Clockwork;
import dev.kluis.vault.Vault;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.seal.RootRotation;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an operator that serves does again and again without being asked. */
final class Housekeeping {

    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
    private static final Duration CHECKPOINT_EVERY = Duration.ofSeconds(5);
    private static final Duration SETTLED_AFTER = Duration.ofSeconds(30);
    private static final Duration DUE_EVERY = Duration.ofMinutes(1);
    private static final Duration RESEAL_EVERY = Duration.ofSeconds(5);
    private static final Duration SWEEP_EVERY = Duration.ofMinutes(10);
    private static final Duration CONTENTS_EVERY = Duration.ofHours(1);
    private static final Duration BACKUP_EVERY = Duration.ofSeconds(5);

    private final Periodic periodic;

    Housekeeping(Periodic periodic) {
        this.periodic = periodic;
        // Reading all records and looking at all resources took more memory than keeping them does: it is given back.
        periodic.once("collection after the start", SETTLED_AFTER, System::gc);
    }

    void objects(Vault engine, KeyEventRecorder events) {
        var clockwork =
                new Clockwork(engine, (id, failure) -> LOG.warn("{} could not be done now", id, failure), events);
        periodic.run("purge", DUE_EVERY, clockwork::purgeDue);
        periodic.run("rotation of keys", DUE_EVERY, clockwork::rotateKeys);
        periodic.run("sealing under new keys", RESEAL_EVERY, clockwork::reseal);
        periodic.run("checkpoint", CHECKPOINT_EVERY, engine::checkpoint);
        periodic.run("sweep of contents", CONTENTS_EVERY, () -> {
            int removed = engine.contentSweep().sweep();
            if (removed > 0) {
                LOG.info("Removed {} contents that no record names", removed);
            }
        });
    }

    /** @param first what every turn begins with */
    void root(RootRotation rotation, Runnable first) {
        periodic.run("rotation of the root key", RESEAL_EVERY, () -> {
            first.run();
            rotation.advance();
        });
    }

    /** @param changed is told of vaults whose status says something else now */
    void backups(Backups schedule, Consumer<VaultId> changed) {
        periodic.run("backup", BACKUP_EVERY, () -> schedule.run(changed));
    }

    void resources(Disposal disposal, Controllers controllers) {
        periodic.run("sweep", SWEEP_EVERY, () -> disposal.sweep(controllers::knows));
    }
}
