package dev.kluis.csi.mount;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.kluis.crypto.SecretAccess;
import dev.kluis.crypto.SecretBytes;
import dev.kluis.csi.cache.NodeCache;
import dev.kluis.csi.cache.NodeCache.Copy;
import dev.kluis.csi.cache.NodeCache.Slot;
import dev.kluis.csi.mount.RequestedObject.Reference;
import dev.kluis.csi.operator.OperatorClient;
import dev.kluis.csi.operator.OperatorClient.UnreachableException;
import dev.kluis.wire.driver.File;
import dev.kluis.wire.driver.MountResponse;
import dev.kluis.wire.driver.ObjectVersion;
import dev.kluis.wire.node.FetchRequest;
import dev.kluis.wire.node.FetchResponse;
import dev.kluis.wire.node.ObjectRef;
import dev.kluis.wire.node.ObjectType;
import dev.kluis.wire.node.Pod;
import dev.kluis.wire.node.Vault;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** One Fetch for a mount, then all of its files or none. */
public final class Mounter {

    private static final Logger LOG = System.getLogger(Mounter.class.getName());

    private final OperatorClient operator;
    private final NodeCache cache;
    private final String node;
    private final InstantSource clock;

    public Mounter(OperatorClient operator, NodeCache cache, String node, InstantSource clock) {
        this.operator = operator;
        this.cache = cache;
        this.node = node;
        this.clock = clock;
    }

    /** What a reference stands for now. */
    private record Content(String version, ByteString value) {}

    /** @throws StatusRuntimeException with a text for the pod's event */
    MountResponse mount(MountCall call) {
        var references = call.objects().stream()
                .map(RequestedObject::reference)
                .distinct()
                .toList();
        Map<Reference, Copy> held = held(call, references);
        try {
            return files(call, granted(call, references, held, operator.fetch(request(call, references, held))));
        } catch (UnreachableException e) {
            return files(call, offline(call, references, held));
        } catch (StatusRuntimeException e) {
            references.forEach(reference -> cache.forget(slot(call, reference)));
            throw e;
        }
    }

    private Map<Reference, Copy> held(MountCall call, List<Reference> references) {
        Map<Reference, Copy> held = new HashMap<>();
        if (!call.accountUid().isEmpty()) {
            references.forEach(
                    reference -> cache.find(slot(call, reference)).ifPresent(copy -> held.put(reference, copy)));
        }
        return held;
    }

    private FetchRequest request(MountCall call, List<Reference> references, Map<Reference, Copy> held) {
        var request = FetchRequest.newBuilder()
                .setToken(call.token())
                .setPod(Pod.newBuilder()
                        .setNamespace(call.pod().namespace())
                        .setName(call.pod().name())
                        .setUid(call.pod().uid())
                        .setServiceAccount(call.pod().serviceAccount())
                        .setNode(node))
                .setVault(Vault.newBuilder().setNamespace(call.vaultNamespace()).setName(call.vaultName()));
        for (var reference : references) {
            var object = ObjectRef.newBuilder()
                    .setType(wire(reference.kind()))
                    .setName(reference.name())
                    .setVersion(reference.version());
            if (held.containsKey(reference)) {
                object.setHeld(held.get(reference).version());
            }
            request.addObjects(object);
        }
        return request.build();
    }

    /** What the operator answered, kept for the next mount. */
    private Map<Reference, Content> granted(
            MountCall call, List<Reference> references, Map<Reference, Copy> held, FetchResponse response) {
        if (response.getObjectsCount() != references.size()) {
            throw broken();
        }
        boolean keep = !call.accountUid().isEmpty() && call.accountUid().equals(response.getServiceAccountUid());
        var offline = Duration.ofSeconds(Math.max(0, response.getOfflineSeconds()));
        Map<Reference, Content> contents = new LinkedHashMap<>();
        for (int i = 0; i < references.size(); i++) {
            var reference = references.get(i);
            var object = response.getObjects(i);
            var slot = slot(call, reference);
            if (object.getUnchanged()) {
                var copy = held.get(reference);
                if (copy == null) {
                    throw broken();
                }
                contents.put(reference, open(slot, copy));
                cache.granted(slot, copy, offline);
            } else {
                contents.put(reference, new Content(object.getVersion(), object.getValue()));
                if (keep) {
                    try (var kept = SecretBytes.owning(object.getValue().toByteArray())) {
                        cache.put(slot, object.getVersion(), kept, offline);
                    }
                }
            }
        }
        return contents;
    }

    /** What this node was given before for this identity, while the vault allows it. */
    private Map<Reference, Content> offline(MountCall call, List<Reference> references, Map<Reference, Copy> held) {
        Map<Reference, Content> contents = new LinkedHashMap<>();
        for (var reference : references) {
            var copy = held.get(reference);
            if (copy == null || !copy.offlineAt(clock.instant())) {
                throw Status.UNAVAILABLE
                        .withDescription("the Kluis operator does not answer, and this node may not serve "
                                + reference.kind() + " '" + reference.name() + "' of vault '" + call.vaultName()
                                + "' to ServiceAccount "
                                + call.pod().namespace() + "/" + call.pod().serviceAccount()
                                + " without it: it has no copy for it, or the vault's spec.offline is absent or over."
                                + " See the operator: kubectl -n kluis-system get pods")
                        .asRuntimeException();
            }
            contents.put(reference, open(slot(call, reference), copy));
        }
        LOG.log(Level.WARNING, "The operator does not answer: {0} was served from this node''s copies", call);
        return contents;
    }

    private Content open(Slot slot, Copy copy) {
        try (var value = cache.open(slot, copy)) {
            return new Content(copy.version(), UnsafeByteOperations.unsafeWrap(value.reveal(SecretAccess.GRANTED)));
        }
    }

    private static MountResponse files(MountCall call, Map<Reference, Content> contents) {
        var response = MountResponse.newBuilder();
        Set<String> severalTimes = severalTimes(call.objects());
        for (var object : call.objects()) {
            var content = contents.get(object.reference());
            if (content == null) {
                throw broken();
            }
            String id = object.reference().kind() + "/" + object.reference().name();
            response.addObjectVersion(ObjectVersion.newBuilder()
                    // The driver makes a map of them.
                    .setId(
                            severalTimes.contains(object.reference().id())
                                    ? id + "/" + object.path().text()
                                    : id)
                    .setVersion(content.version()));
            response.addFiles(File.newBuilder()
                    .setPath(object.path().text())
                    .setMode(object.mode())
                    .setContents(bytes(object, content)));
        }
        return response.build();
    }

    private static ByteString bytes(RequestedObject object, Content content) {
        return UnsafeByteOperations.unsafeWrap(object.encoding()
                .decode(content.value().toByteArray(), object.reference().name()));
    }

    private static Set<String> severalTimes(List<RequestedObject> objects) {
        return objects.stream()
                .collect(Collectors.groupingBy(object -> object.reference().id(), Collectors.counting()))
                .entrySet()
                .stream()
                .filter(entry -> entry.getValue() > 1)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    private static Slot slot(MountCall call, Reference reference) {
        return new Slot(
                call.pod().namespace(),
                call.pod().serviceAccount(),
                call.accountUid(),
                call.vaultNamespace(),
                call.vaultName(),
                reference.id(),
                reference.version());
    }

    private static ObjectType wire(RequestedObject.Kind kind) {
        return switch (kind) {
            case SECRET -> ObjectType.SECRET;
            case KEY -> ObjectType.KEY;
        };
    }

    private static StatusRuntimeException broken() {
        return Status.INTERNAL
                .withDescription("the operator did not answer what it was asked; is it of the same version?")
                .asRuntimeException();
    }
}
