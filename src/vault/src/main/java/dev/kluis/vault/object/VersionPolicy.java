package dev.kluis.vault.object;

import dev.kluis.vault.Moment;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.VaultSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which versions of an object are kept: what is both beyond the newest ones and superseded long enough is purged. The
 * current version and the one before it always stay; under purge protection so does everything that was superseded within
 * the vault's retention, or who may write this policy could destroy what nobody may purge.
 *
 * @param keep how many of the newest versions stay, 2 to 500
 * @param olderThan for how long a version stays after it was superseded; zero is no longer than the others ask for
 */
public record VersionPolicy(int keep, Duration olderThan) {

    /** The current version and the one before it. */
    public static final int MIN_KEEP = 2;

    public VersionPolicy {
        if (keep < MIN_KEEP || keep > ObjectState.MAX_VERSIONS) {
            throw new VaultException(
                    VaultException.Code.BAD_PARAMETER,
                    "versions.keep is " + MIN_KEEP + " to " + ObjectState.MAX_VERSIONS + ", not " + keep);
        }
        if (olderThan.isNegative()) {
            throw new VaultException(VaultException.Code.BAD_PARAMETER, "versions.olderThan is not negative");
        }
    }

    /**
     * What a policy means for an object at a moment.
     *
     * @param due the ids of the versions that are to be purged
     * @param next when the next one is due, where one will be
     */
    public record Superseded(List<String> due, Optional<Instant> next) {}

    public Superseded of(ObjectState object, VaultSettings settings, Moment moment) {
        var stays = settings.purgeProtection() && olderThan.compareTo(settings.retention()) < 0
                ? settings.retention()
                : olderThan;
        var due = new ArrayList<String>();
        Optional<Instant> next = Optional.empty();
        var versions = object.versions();
        for (int i = 0; i < versions.size() - keep; i++) {
            var end = versions.get(i + 1).created().plus(stays);
            if (moment.earliest().isBefore(end)) {
                next = Optional.of(next.filter(end::isAfter).orElse(end));
            } else {
                due.add(versions.get(i).id());
            }
        }
        return new Superseded(due, next);
    }
}
