package dev.kluis.vault.backup;

import dev.kluis.crypto.SecretBytes;
import dev.kluis.vault.Lifecycle;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.Ownership;
import dev.kluis.vault.object.Attributes;
import dev.kluis.vault.object.ObjectPolicy;
import dev.kluis.vault.object.VersionDetail;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An object as it was at one revision, with all its versions and their values, which are closed with it.
 *
 * @param incarnation 32 hex characters
 * @param revision of the record that was read
 * @param time when that record was written
 * @param lifecycle active or deleted
 * @param managed whether it belongs to a certificate
 * @param policy of the object, where its kind has one
 * @param versions 1 to 500, oldest first
 */
public record ObjectSnapshot(
        ObjectId id,
        String incarnation,
        long revision,
        Instant time,
        Lifecycle lifecycle,
        boolean managed,
        ObjectPolicy policy,
        Optional<Ownership> ownership,
        List<VersionSnapshot> versions)
        implements AutoCloseable {

    /** @param id 32 hex characters */
    public record VersionSnapshot(
            String id,
            Instant created,
            Instant updated,
            Attributes attributes,
            VersionDetail detail,
            SecretBytes value) {}

    @Override
    public void close() {
        versions.forEach(version -> version.value().close());
    }
}
