package dev.kluis.vault.backup;

import dev.kluis.crypto.SecretBytes;
import dev.kluis.vault.Lifecycle;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.ObjectOperation.Existing;
import dev.kluis.vault.ObjectOperation.Outcome;
import dev.kluis.vault.ObjectOperation.Situation;
import dev.kluis.vault.Ownership;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.backup.ObjectSnapshot.VersionSnapshot;
import dev.kluis.vault.object.ObjectState;
import dev.kluis.vault.object.ObjectVersion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What becomes of a vault's object when one from a backup comes in. */
final class Restoring {

    private Restoring() {}

    /**
     * Makes the object as it was. It keeps its incarnation, so that a value which an interrupted restore left beside the
     * record opens for the next one.
     *
     * @param from the vault that it was in; its owner, a resource, is kept there only
     */
    static Outcome.Put<ObjectState> anew(ObjectId id, ObjectSnapshot object, VaultId from, Situation situation) {
        var values = new HashMap<String, SecretBytes>();
        object.versions().forEach(version -> values.put(version.id(), version.value()));
        var state = new ObjectState(
                object.versions().stream()
                        .map(version -> version(version, situation))
                        .toList(),
                object.lifecycle() instanceof Lifecycle.Deleted deleted ? deleted : new Lifecycle.Active(),
                object.managed(),
                object.policy());
        Optional<Ownership> ownership = id.vault().equals(from) ? object.ownership() : Optional.empty();
        return new Outcome.Put<>(state, values, ownership, Optional.of(object.incarnation()), state);
    }

    private static ObjectVersion version(VersionSnapshot version, Situation situation) {
        return new ObjectVersion(
                version.id(),
                version.created(),
                version.updated(),
                version.attributes(),
                version.detail(),
                version.value().length(),
                situation.commitment().apply(version.value()),
                false);
    }

    /**
     * The versions of an object after those of a backup of the same object were taken in: a version made after all that are
     * there is added, attributes that were changed later win, and nothing else becomes another one.
     */
    static List<ObjectVersion> merged(Existing existing, ObjectSnapshot object, Situation situation) {
        var incoming = new HashMap<String, VersionSnapshot>();
        object.versions().forEach(version -> incoming.put(version.id(), version));
        var versions = new ArrayList<ObjectVersion>();
        for (var there : existing.state().versions()) {
            var other = incoming.remove(there.id());
            versions.add(
                    other != null && other.updated().isAfter(there.updated())
                            ? there.with(other.attributes(), other.detail(), other.updated())
                            : there);
        }
        var newest = existing.state().current().created();
        object.versions().stream()
                .filter(version ->
                        incoming.containsKey(version.id()) && version.created().isAfter(newest))
                .forEach(version -> versions.add(version(version, situation)));
        return versions;
    }

    /** The values of those versions that were not there. */
    static Map<String, SecretBytes> added(Existing existing, ObjectSnapshot object, List<ObjectVersion> merged) {
        var values = new HashMap<String, SecretBytes>();
        for (var version : object.versions()) {
            boolean kept = merged.stream().anyMatch(one -> one.id().equals(version.id()));
            if (kept && existing.state().version(version.id()).isEmpty()) {
                values.put(version.id(), version.value());
            }
        }
        return values;
    }
}
