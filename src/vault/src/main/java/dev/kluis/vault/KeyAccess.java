package dev.kluis.vault;

import dev.kluis.crypto.key.JwkMembers;
import dev.kluis.crypto.key.KeyRefusedException;
import dev.kluis.crypto.key.KeySpec;
import dev.kluis.vault.VaultException.Code;
import dev.kluis.vault.key.HotKeys;
import dev.kluis.vault.key.KeyBackend;
import dev.kluis.vault.key.Keys;
import dev.kluis.vault.key.MadeKey;
import dev.kluis.vault.key.OpenKey;
import dev.kluis.vault.object.KeyDetail;
import dev.kluis.vault.object.ObjectVersion;
import dev.kluis.vault.record.RecordHeader;
import java.util.Optional;

/**
 * What one attempt of an operation does with keys.
 *
 * @param seen the number of changes before the object was read
 * @param object that is there
 * @param values opens the value of a version
 */
record KeyAccess(
        KeyBackend backend,
        HotKeys hot,
        MadeKeys made,
        long seen,
        Optional<RecordHeader> object,
        ObjectOperation.Values values)
        implements Keys {

    @Override
    public MadeKey generate(KeySpec spec) {
        return made.generate(spec);
    }

    @Override
    public MadeKey importJwk(JwkMembers members) throws KeyRefusedException {
        return made.importJwk(members);
    }

    @Override
    public <R> R with(ObjectVersion version, boolean whole, Work<R> work) throws KeyRefusedException {
        var header = object.orElseThrow();
        var slot = new HotKeys.Slot(header.id(), header.incarnation(), version.id(), whole);
        return hot.use(slot, seen, () -> open(header.id(), version, whole), work);
    }

    private OpenKey open(ObjectId id, ObjectVersion version, boolean whole) {
        var detail = KeyDetail.of(version);
        if (!whole) {
            return backend.open(detail.publicKey().orElseThrow());
        }
        try (var stored = values.open(version.id())) {
            return backend.open(detail.spec(), stored);
        } catch (KeyRefusedException e) {
            // It was one when it was made: what is there now is not what was sealed.
            throw new VaultException(
                    Code.UNREADABLE, id + " cannot be read: version " + version.id() + " is no key of its kind");
        }
    }
}
