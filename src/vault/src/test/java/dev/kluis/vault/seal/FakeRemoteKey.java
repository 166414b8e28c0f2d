package dev.kluis.vault.seal;

import dev.kluis.crypto.SealedBytesException;
import dev.kluis.crypto.SealingKey;
import dev.kluis.crypto.SecretAccess;
import dev.kluis.crypto.SecretBytes;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** A remote key in this process: it rotates, loses versions, and stops to answer when a test says so. */
final class FakeRemoteKey implements RemoteKey {

    static final String ID = "https://other.vault.svc.cluster.local/keys/root";

    private final SecureRandom random;
    private final TreeMap<String, SealingKey> versions = new TreeMap<>();
    final Set<String> disabled = new HashSet<>();
    /** Everything that was given here to be wrapped. */
    final List<SecretBytes> seen = new ArrayList<>();

    RemoteKeyId id = RemoteKeyId.parse(ID);
    boolean reachable = true;
    boolean forgetful;
    int asked;

    FakeRemoteKey(SecureRandom random) {
        this.random = random;
        rotate();
    }

    String current() {
        return versions.lastKey();
    }

    void rotate() {
        versions.put("%032x".formatted(versions.size() + 1), SealingKey.generate(random));
    }

    /** The same key under another name. */
    void rename(String name) {
        id = RemoteKeyId.parse(ID.replace("/root", "/" + name));
    }

    private SealingKey version(String version) throws RemoteKeyException {
        asked++;
        if (!reachable) {
            throw new RemoteKeyException("it does not answer");
        }
        if (disabled.contains(version)) {
            throw new RemoteKeyException("version " + version + " is disabled");
        }
        return versions.get(version);
    }

    @Override
    public RemoteKeyId id() {
        return id;
    }

    @Override
    public Wrapped wrap(SecretBytes key) throws RemoteKeyException {
        String version = id.version().orElse(current());
        seen.add(SecretBytes.owning(key.reveal(SecretAccess.GRANTED)));
        return new Wrapped(
                new RemoteKeyId(id.authority(), id.name(), Optional.of(version)),
                "A256KW",
                version(version).seal(key, new byte[0], random));
    }

    @Override
    public SecretBytes unwrap(Wrapped wrapped) throws RemoteKeyException {
        var version = version(wrapped.by().version().orElseThrow());
        try {
            return forgetful
                    ? SecretBytes.owning(new byte[SealingKey.LENGTH])
                    : version.open(wrapped.bytes(), new byte[0]);
        } catch (SealedBytesException e) {
            throw new RemoteKeyException("it does not unwrap");
        }
    }

    /** What anybody makes who has the public key of the remote one. */
    Map<String, String> forged(SealingKey root, int generation) throws RemoteKeyException {
        try (var wrapping = SealingKey.generate(random)) {
            return WrappedRoot.of(
                            generation,
                            root,
                            wrapping,
                            wrap(wrapping.reveal(SecretAccess.GRANTED)),
                            Optional.empty(),
                            "",
                            java.time.Instant.EPOCH,
                            random)
                    .encode();
        }
    }
}
