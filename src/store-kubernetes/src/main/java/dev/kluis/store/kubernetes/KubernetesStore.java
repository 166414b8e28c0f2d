package dev.kluis.store.kubernetes;

import dev.kluis.crds.store.Content;
import dev.kluis.crds.store.StoreRecord;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.store.Change;
import dev.kluis.vault.store.ConflictException;
import dev.kluis.vault.store.RecordBytes;
import dev.kluis.vault.store.Store;
import dev.kluis.vault.store.Stored;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.net.HttpURLConnection;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Records and contents as resources of {@code store.kluis.dev} in one namespace. The compare-and-set is the API server's
 * optimistic lock: a tag is a resourceVersion.
 */
public final class KubernetesStore implements Store {

    private static final RecordBytes NOTHING = new RecordBytes(new byte[0], new byte[0]);

    private final NonNamespaceOperation<StoreRecord, KubernetesResourceList<StoreRecord>, Resource<StoreRecord>>
            records;
    private final NonNamespaceOperation<Content, KubernetesResourceList<Content>, Resource<Content>> contents;

    private final ContentNames contentNames;

    /** @param namespace the operator's own, which no tenant reaches */
    public KubernetesStore(KubernetesClient client, String namespace) {
        records = client.resources(StoreRecord.class).inNamespace(namespace);
        contents = client.resources(Content.class).inNamespace(namespace);
        contentNames = new ContentNames(client, namespace);
    }

    @Override
    public Optional<Stored> read(ObjectId id) {
        return Optional.ofNullable(Patience.asking(
                        () -> records.withName(ResourceNames.record(id)).get()))
                .map(resource -> decode(id, resource));
    }

    @Override
    public Stored compareAndSet(ObjectId id, Optional<String> expected, RecordBytes bytes) throws ConflictException {
        var resource = new StoreRecord();
        resource.setMetadata(new ObjectMeta());
        resource.getMetadata().setName(ResourceNames.record(id));
        expected.ifPresent(resource.getMetadata()::setResourceVersion);
        resource.setSpec(new StoreRecord.Sealed());
        resource.getSpec().object = id.toString();
        resource.getSpec().header = Base64.getEncoder().encodeToString(bytes.header());
        resource.getSpec().sealed = Base64.getEncoder().encodeToString(bytes.sealed());
        try {
            var written = expected.isEmpty()
                    ? Patience.asking(() -> records.resource(resource).create())
                    : Patience.asking(() -> records.resource(resource).update());
            return new Stored(id, written.getMetadata().getResourceVersion(), bytes);
        } catch (KubernetesClientException e) {
            requireConflict(e);
            return ours(id, bytes);
        }
    }

    /**
     * The client repeats a request whose answer was lost; then the conflict is with what we wrote ourselves. Sealed bytes
     * hold a random nonce, so equal bytes are ours.
     */
    private Stored ours(ObjectId id, RecordBytes bytes) throws ConflictException {
        return read(id).filter(stored -> stored.bytes().equals(bytes))
                .orElseThrow(() -> new ConflictException(id + " was written by another"));
    }

    @Override
    public void delete(ObjectId id, String expected) throws ConflictException {
        try {
            var deleted = Patience.asking(() -> records.withName(ResourceNames.record(id))
                    .lockResourceVersion(expected)
                    .delete());
            if (deleted.isEmpty()) {
                throw new ConflictException(id + " is not there");
            }
        } catch (KubernetesClientException e) {
            requireConflict(e);
            throw new ConflictException(id + " was written by another");
        }
    }

    @Override
    public void putContent(ObjectId id, String version, byte[] sealed) {
        var resource = new Content();
        resource.setMetadata(new ObjectMeta());
        resource.getMetadata().setName(ResourceNames.content(id, version));
        resource.setSpec(new Content.Sealed());
        resource.getSpec().sealed = Base64.getEncoder().encodeToString(sealed);
        try {
            Patience.asking(() -> contents.resource(resource).create());
        } catch (KubernetesClientException e) {
            requireConflict(e);
        }
    }

    @Override
    public Optional<byte[]> readContent(ObjectId id, String version) {
        return Optional.ofNullable(Patience.asking(() ->
                        contents.withName(ResourceNames.content(id, version)).get()))
                .map(KubernetesStore::decode);
    }

    @Override
    public void deleteContent(ObjectId id, String version) {
        deleteContent(contentName(id, version));
    }

    @Override
    public void deleteContent(String name) {
        Patience.asking(() -> contents.withName(name).delete());
    }

    @Override
    public String contentName(ObjectId id, String version) {
        return ResourceNames.content(id, version);
    }

    @Override
    public Set<String> listContents() {
        return Patience.asking(contentNames::list);
    }

    @Override
    public Watching watch(Consumer<Change> listener) {
        return new RecordWatch(records, listener);
    }

    @Override
    public void close() {}

    /**
     * Whoever can write to the store controls every byte of this; the engine trusts none of it before it opens, and what
     * is not even bytes is handed on as none.
     */
    static Stored decode(ObjectId id, StoreRecord resource) {
        String tag = resource.getMetadata().getResourceVersion();
        var spec = Optional.ofNullable(resource.getSpec());
        byte[] header = base64(spec.map(one -> one.header).orElse(""));
        byte[] body = base64(spec.map(one -> one.sealed).orElse(""));
        boolean tooLarge = header.length + body.length > RECORD_LIMIT;
        return new Stored(id, tag, tooLarge ? NOTHING : new RecordBytes(header, body));
    }

    static byte[] decode(Content resource) {
        return base64(
                Optional.ofNullable(resource.getSpec()).map(one -> one.sealed).orElse(""));
    }

    private static byte[] base64(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    /** A conflict, or a record that was to be replaced and is not there. */
    private static void requireConflict(KubernetesClientException e) {
        if (e.getCode() != HttpURLConnection.HTTP_CONFLICT && e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
            throw e;
        }
    }
}
