package dev.kluis.operator.node;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.kluis.crypto.SecretAccess;
import dev.kluis.operator.identity.AuthenticationException;
import dev.kluis.operator.identity.TokenAuthenticator;
import dev.kluis.vault.Caller;
import dev.kluis.vault.InvalidNameException;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.Source;
import dev.kluis.vault.Vault;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.audit.AuditUnavailableException;
import dev.kluis.vault.key.KeyGet;
import dev.kluis.vault.secret.SecretOperations.Fetched;
import dev.kluis.vault.secret.SecretOperations.SecretGet;
import dev.kluis.vault.store.StoreUnavailableException;
import dev.kluis.wire.node.FetchRequest;
import dev.kluis.wire.node.FetchResponse;
import dev.kluis.wire.node.NodeGrpc;
import dev.kluis.wire.node.Object;
import dev.kluis.wire.node.ObjectRef;
import dev.kluis.wire.node.ObjectType;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers Fetch: who the token proves, then one read through the door per object, all or nothing. */
public final class NodeService extends NodeGrpc.NodeImplBase {

    /** What calls; where from, the pod and node in the caller's identity tell. */
    private static final Source PROVIDER =
            new Source(Optional.empty(), Optional.of("kluis-csi-provider"), Optional.empty(), Optional.empty());

    private static final Logger LOG = LoggerFactory.getLogger(NodeService.class);
    private static final int MAX_OBJECTS = 256;
    private static final int MAX_NAME = 253;
    private static final Pattern VERSION = Pattern.compile("[0-9a-f]{32}");

    private final Vault vault;
    private final TokenAuthenticator tokens;
    private final Mounts mounts;
    private final Consumer<VaultId> newlyMounted;
    private final BooleanSupplier ready;

    /**
     * @param newlyMounted is told of a vault that a pod mounts from for the first time
     * @param ready whether requests can be served
     */
    public NodeService(
            Vault vault,
            TokenAuthenticator tokens,
            Mounts mounts,
            Consumer<VaultId> newlyMounted,
            BooleanSupplier ready) {
        this.vault = vault;
        this.tokens = tokens;
        this.mounts = mounts;
        this.newlyMounted = newlyMounted;
        this.ready = ready;
    }

    @Override
    public void fetch(FetchRequest request, StreamObserver<FetchResponse> answer) {
        try {
            answer.onNext(fetch(request));
            answer.onCompleted();
        } catch (StatusRuntimeException e) {
            answer.onError(e);
        } catch (AuthenticationException e) {
            answer.onError(status(e).withDescription(e.getMessage()).asRuntimeException());
        } catch (VaultException e) {
            answer.onError(status(e).withDescription(e.getMessage()).asRuntimeException());
        } catch (InvalidNameException e) {
            answer.onError(
                    Status.INVALID_ARGUMENT.withDescription(e.getMessage()).asRuntimeException());
        } catch (StoreUnavailableException | AuditUnavailableException e) {
            answer.onError(Status.UNAVAILABLE
                    .withDescription("the operator cannot answer now; its log tells more")
                    .asRuntimeException());
        } catch (RuntimeException e) {
            LOG.error("A fetch failed", e);
            answer.onError(Status.INTERNAL
                    .withDescription("the operator failed; its log tells more")
                    .asRuntimeException());
        }
    }

    private FetchResponse fetch(FetchRequest request) {
        if (!ready.getAsBoolean()) {
            throw Status.UNAVAILABLE.withDescription("the operator is starting").asRuntimeException();
        }
        requireLegal(request);
        var pod = pod(request);
        var caller = authenticate(request.getToken(), pod);
        var id = new VaultId(
                request.getVault().getNamespace(), request.getVault().getName());
        var response = FetchResponse.newBuilder().setServiceAccountUid(caller.uid());
        Map<ObjectId, String> current = new HashMap<>();
        for (var reference : request.getObjectsList()) {
            var object = object(id, reference);
            var fetched = read(caller, object, reference);
            response.addObjects(fetched);
            if (reference.getVersion().isEmpty()) {
                current.put(object, fetched.getVersion());
            }
        }
        if (mounts.seen(pod, current)) {
            newlyMounted.accept(id);
        }
        return response.setOfflineSeconds(
                        vault.offline(id).map(Duration::toSeconds).orElse(0L))
                .build();
    }

    private Caller.ServiceAccount authenticate(String token, PodIdentity pod) {
        if (token.isEmpty()) {
            throw Status.UNAUTHENTICATED
                    .withDescription("there is no token of audience '" + TokenAuthenticator.AUDIENCE
                            + "': the CSIDriver secrets-store.csi.k8s.io has to list it in spec.tokenRequests")
                    .asRuntimeException();
        }
        if (tokens.authenticate(token) instanceof Caller.ServiceAccount account && pod.holds(account)) {
            return account;
        }
        throw Status.UNAUTHENTICATED
                .withDescription("the token is not bound to pod " + pod.namespace() + "/" + pod.name() + " on node "
                        + pod.node())
                .asRuntimeException();
    }

    /** The types are what {@link #requireLegal} left. */
    private static ObjectId object(VaultId vault, ObjectRef reference) {
        return reference.getType() == ObjectType.KEY
                ? ObjectId.key(vault, reference.getName())
                : ObjectId.secret(vault, reference.getName());
    }

    private Object read(Caller caller, ObjectId object, ObjectRef reference) {
        return reference.getType() == ObjectType.KEY
                ? key(caller, object, reference)
                : secret(caller, object, reference);
    }

    /** The public part, as anybody has it who may read the key, disabled or not. */
    private Object key(Caller caller, ObjectId object, ObjectRef reference) {
        var view = vault.execute(caller, PROVIDER, new KeyGet(object, present(reference.getVersion())));
        var publicKey = view.key()
                .publicKey()
                .orElseThrow(() -> Status.FAILED_PRECONDITION
                        .withDescription(object + " is a symmetric key ("
                                + view.key().spec().kty()
                                + ") and has no public part, which is what a mount of a key is")
                        .asRuntimeException());
        var answer = Object.newBuilder().setVersion(view.version().id());
        return view.version().id().equals(reference.getHeld())
                ? answer.setUnchanged(true).build()
                : answer.setValue(ByteString.copyFrom(publicKey.pem(), US_ASCII))
                        .build();
    }

    private Object secret(Caller caller, ObjectId object, ObjectRef reference) {
        var operation = new SecretGet(object, present(reference.getVersion()), present(reference.getHeld()));
        return switch (vault.execute(caller, PROVIDER, operation)) {
            case Fetched.Unchanged(String version) ->
                Object.newBuilder().setVersion(version).setUnchanged(true).build();
            case Fetched.Value(var metadata, var previous, var value) -> {
                try (value) {
                    // The copy goes to the wire and is not kept; the transport gives no way to zero it after that.
                    var bytes = UnsafeByteOperations.unsafeWrap(value.reveal(SecretAccess.GRANTED));
                    yield Object.newBuilder()
                            .setVersion(metadata.id())
                            .setValue(bytes)
                            .build();
                }
            }
        };
    }

    /** Everything in a request is the node's claim, and a node may be an attacker's. */
    private static void requireLegal(FetchRequest request) {
        var pod = request.getPod();
        require(
                pod.getNamespace().length() <= MAX_NAME
                        && pod.getName().length() <= MAX_NAME
                        && pod.getUid().length() <= MAX_NAME
                        && pod.getServiceAccount().length() <= MAX_NAME
                        && pod.getNode().length() <= MAX_NAME,
                "a name of the pod is longer than " + MAX_NAME + " characters");
        require(
                request.getObjectsCount() >= 1 && request.getObjectsCount() <= MAX_OBJECTS,
                "a fetch names 1 to " + MAX_OBJECTS + " objects");
        var seen = new HashSet<String>();
        for (var object : request.getObjectsList()) {
            require(
                    object.getType() == ObjectType.SECRET || object.getType() == ObjectType.KEY,
                    "the type of an object is SECRET or KEY");
            require(legalVersion(object.getVersion()), "a version is 32 lower-case hex characters");
            require(legalVersion(object.getHeld()), "a held version is 32 lower-case hex characters");
            require(
                    seen.add(object.getType() + "/" + object.getName() + "/" + object.getVersion()),
                    "an object is named twice");
        }
    }

    private static boolean legalVersion(String version) {
        return version.isEmpty() || VERSION.matcher(version).matches();
    }

    private static void require(boolean legal, String otherwise) {
        if (!legal) {
            throw Status.INVALID_ARGUMENT.withDescription(otherwise).asRuntimeException();
        }
    }

    private static PodIdentity pod(FetchRequest request) {
        var pod = request.getPod();
        return new PodIdentity(pod.getNamespace(), pod.getName(), pod.getUid(), pod.getServiceAccount(), pod.getNode());
    }

    private static Optional<String> present(String text) {
        return Optional.of(text).filter(some -> !some.isEmpty());
    }

    private static Status status(AuthenticationException refused) {
        return switch (refused.kind()) {
            case REFUSED, STALE -> Status.UNAUTHENTICATED;
            case BUSY -> Status.RESOURCE_EXHAUSTED;
            case UNAVAILABLE -> Status.UNAVAILABLE;
        };
    }

    private static Status status(VaultException refused) {
        return switch (refused.code()) {
            case FORBIDDEN -> Status.PERMISSION_DENIED;
            case NOT_FOUND -> Status.NOT_FOUND;
            case BAD_PARAMETER -> Status.INVALID_ARGUMENT;
            case DISABLED,
                    OPERATION_FORBIDDEN,
                    NOT_YET_VALID,
                    EXPIRED,
                    MANAGED,
                    DELETED,
                    OWNED_BY_ANOTHER,
                    CONFLICT,
                    UNREADABLE,
                    SEALED -> Status.FAILED_PRECONDITION;
        };
    }
}
