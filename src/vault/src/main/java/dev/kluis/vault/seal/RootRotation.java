package dev.kluis.vault.seal;

import dev.kluis.vault.VaultId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Wraps all vault keys anew after a new root was made, and has the old root removed when nothing needs it. Called again
 * and again; all that it knows lies in the kept roots and in the records, so it may be stopped at any point.
 */
public final class RootRotation {

    /**
     * How long nothing may have been wrapped by an old root before that is removed: longer than any write takes that
     * wrapped its key before the new root was there.
     */
    public static final Duration QUIET = Duration.ofMinutes(1);

    /** The vault records, read or not, of deleted and purged vaults too. */
    public interface WrappedKeys {

        int total();

        /** The vaults whose keys are not, or not known to be, wrapped by the newest root, or whose checkpoint is not signed by it. */
        List<VaultId> behind();

        /** Writes a vault's record anew, its key wrapped by the newest root; revision, link and state stay. */
        void reseal(VaultId vault);
    }

    /**
     * How far it is.
     *
     * @param done how many of the total are wrapped by the newest root
     * @param quietSince since when all were found so; a minute later the old root goes
     */
    public record Progress(boolean rotating, int done, int total, Optional<Instant> quietSince) {}

    private final Roots roots;
    private final WrappedKeys records;
    private final InstantSource clock;
    private final BiConsumer<VaultId, RuntimeException> failed;
    private volatile @Nullable Instant quietSince;

    /** @param failed is told of what could not be done now and is done again */
    public RootRotation(
            Roots roots, WrappedKeys records, InstantSource clock, BiConsumer<VaultId, RuntimeException> failed) {
        this.roots = roots;
        this.records = records;
        this.clock = clock;
        this.failed = failed;
    }

    public Progress progress() {
        int total = records.total();
        boolean rotating = roots.rotating();
        int behind = rotating ? records.behind().size() : 0;
        return new Progress(rotating, total - behind, total, Optional.ofNullable(quietSince));
    }

    /** Goes on as far as it can now. */
    public synchronized void advance() {
        if (!roots.rotating()) {
            quietSince = null;
            return;
        }
        var behind = records.behind();
        for (var vault : behind) {
            try {
                records.reseal(vault);
            } catch (RuntimeException e) {
                failed.accept(vault, e);
            }
        }
        var quiet = quietSince;
        if (!behind.isEmpty()) {
            quietSince = null;
        } else if (quiet == null) {
            quietSince = clock.instant();
        } else if (!clock.instant().isBefore(quiet.plus(QUIET))) {
            roots.finish();
            quietSince = null;
        }
    }
}
