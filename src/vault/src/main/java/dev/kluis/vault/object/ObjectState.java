package dev.kluis.vault.object;

import dev.kluis.vault.Lifecycle;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.VaultException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The state of an object, without values.
 *
 * @param versions oldest first; the last is the current one; empty only when purged
 * @param managed whether it belongs to a certificate, by which alone it is changed
 * @param policy of the object, where its kind has one
 */
public record ObjectState(List<ObjectVersion> versions, Lifecycle lifecycle, boolean managed, ObjectPolicy policy) {

    /** An object has at most this many versions. */
    public static final int MAX_VERSIONS = 500;
    /** The longest value, in bytes. */
    public static final int MAX_VALUE = 25_600;

    public ObjectState {
        versions = List.copyOf(versions);
        if (versions.size() > MAX_VERSIONS) {
            throw new IllegalArgumentException("an object has at most " + MAX_VERSIONS + " versions");
        }
    }

    public ObjectState(List<ObjectVersion> versions, Lifecycle lifecycle) {
        this(versions, lifecycle, false, ObjectPolicy.NONE);
    }

    public ObjectVersion current() {
        return versions.getLast();
    }

    public Optional<ObjectVersion> version(String id) {
        return versions.stream().filter(version -> version.id().equals(id)).findFirst();
    }

    /** The version before another one, where there is one. */
    public Optional<String> before(String id) {
        Optional<String> previous = Optional.empty();
        for (var version : versions) {
            if (version.id().equals(id)) {
                return previous;
            }
            previous = Optional.of(version.id());
        }
        return Optional.empty();
    }

    /**
     * The version of this id, or the current one where none is named.
     *
     * @throws VaultException when there is no such version
     */
    public ObjectVersion required(ObjectId id, Optional<String> wanted) {
        return wanted.map(one -> version(one)
                        .orElseThrow(
                                () -> new VaultException(VaultException.Code.NOT_FOUND, id + " has no such version")))
                .orElseGet(this::current);
    }

    /** @throws VaultException when it has as many versions as it can have */
    public void requireRoomForOneMore(ObjectId id) {
        if (versions.size() >= MAX_VERSIONS) {
            throw new VaultException(
                    VaultException.Code.CONFLICT, id + " has " + MAX_VERSIONS + " versions, the most it can have");
        }
    }

    public boolean active() {
        return lifecycle instanceof Lifecycle.Active;
    }

    public ObjectState withNew(ObjectVersion version) {
        var all = new ArrayList<>(versions);
        all.add(version);
        return with(all);
    }

    /** The same object with one version changed, found by its id. */
    public ObjectState replacing(ObjectVersion changed) {
        return with(versions.stream()
                .map(version -> version.id().equals(changed.id()) ? changed : version)
                .toList());
    }

    ObjectState without(Collection<String> ids) {
        return with(
                versions.stream().filter(version -> !ids.contains(version.id())).toList());
    }

    public ObjectState with(List<ObjectVersion> others) {
        return new ObjectState(others, lifecycle, managed, policy);
    }

    public ObjectState with(ObjectPolicy another) {
        return new ObjectState(versions, lifecycle, managed, another);
    }

    ObjectState in(Lifecycle next) {
        return new ObjectState(versions, next, managed, policy);
    }
}
