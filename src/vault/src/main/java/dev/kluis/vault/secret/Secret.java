package dev.kluis.vault.secret;

import dev.kluis.vault.Lifecycle;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.VaultException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The state of a secret, without values.
 *
 * @param versions oldest first; the last is the current one; empty only when purged
 */
public record Secret(List<SecretVersion> versions, Lifecycle lifecycle) {

    /** A secret has at most this many versions. */
    public static final int MAX_VERSIONS = 500;
    /** The longest value, in bytes of UTF-8. */
    public static final int MAX_VALUE = 25_600;

    public Secret {
        versions = List.copyOf(versions);
        if (versions.size() > MAX_VERSIONS) {
            throw new IllegalArgumentException("a secret has at most " + MAX_VERSIONS + " versions");
        }
    }

    public SecretVersion current() {
        return versions.getLast();
    }

    public Optional<SecretVersion> version(String id) {
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
    SecretVersion required(ObjectId id, Optional<String> wanted) {
        return wanted.map(one -> version(one)
                        .orElseThrow(
                                () -> new VaultException(VaultException.Code.NOT_FOUND, id + " has no such version")))
                .orElseGet(this::current);
    }

    public boolean active() {
        return lifecycle instanceof Lifecycle.Active;
    }

    Secret withNew(SecretVersion version) {
        var all = new ArrayList<>(versions);
        all.add(version);
        return new Secret(all, lifecycle);
    }

    /** The same secret with some versions changed, found by their ids. */
    public Secret replacing(SecretVersion changed) {
        return new Secret(
                versions.stream()
                        .map(version -> version.id().equals(changed.id()) ? changed : version)
                        .toList(),
                lifecycle);
    }

    Secret without(Collection<String> ids) {
        return new Secret(
                versions.stream().filter(version -> !ids.contains(version.id())).toList(), lifecycle);
    }

    Secret in(Lifecycle next) {
        return new Secret(versions, next);
    }
}
