package dev.kluis.csi.mount;

import dev.kluis.wire.driver.CSIDriverProviderGrpc;
import dev.kluis.wire.driver.MountRequest;
import dev.kluis.wire.driver.MountResponse;
import dev.kluis.wire.driver.VersionRequest;
import dev.kluis.wire.driver.VersionResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/** The provider's side of the Secrets Store CSI driver, {@code v1alpha1}. */
public final class ProviderService extends CSIDriverProviderGrpc.CSIDriverProviderImplBase {

    private static final Logger LOG = System.getLogger(ProviderService.class.getName());
    private static final String PROTOCOL = "v1alpha1";

    /** As many objects are under way at once: a value has up to 25 KB and lies in the heap about three times. */
    private static final int OBJECTS_AT_ONCE = 64;

    private final Mounter mounter;
    private final String version;
    private final Semaphore objects = new Semaphore(OBJECTS_AT_ONCE, true);
    private final AtomicLong mounts = new AtomicLong();

    /** @param version of this provider, as semver */
    public ProviderService(Mounter mounter, String version) {
        this.mounter = mounter;
        this.version = version;
    }

    /** How many mounts were asked for so far. */
    public long mounts() {
        return mounts.get();
    }

    @Override
    public void version(VersionRequest request, StreamObserver<VersionResponse> answer) {
        answer.onNext(VersionResponse.newBuilder()
                .setVersion(PROTOCOL)
                .setRuntimeName("kluis")
                .setRuntimeVersion(version)
                .build());
        answer.onCompleted();
    }

    @Override
    public void mount(MountRequest request, StreamObserver<MountResponse> answer) {
        try {
            var call = MountCall.parse(request.getAttributes());
            if (!call.ignored().isEmpty()) {
                LOG.log(Level.DEBUG, "{0}: these parameters mean nothing to Kluis: {1}", call, call.ignored());
            }
            answer.onNext(mount(call));
            answer.onCompleted();
        } catch (InvalidMountException e) {
            refuse(answer, Status.INVALID_ARGUMENT.withDescription(e.getMessage()));
        } catch (StatusRuntimeException e) {
            refuse(answer, e.getStatus());
        } catch (RuntimeException e) {
            // Whatever its text is, it is not for an event.
            LOG.log(Level.ERROR, "A mount failed: {0}", e.getClass().getName());
            refuse(answer, Status.INTERNAL.withDescription("the provider failed; its log tells more"));
        }
    }

    /** A mount of more objects than may be under way at once is under way alone. */
    private MountResponse mount(MountCall call) {
        mounts.incrementAndGet();
        int many = Math.min(call.objects().size(), OBJECTS_AT_ONCE);
        objects.acquireUninterruptibly(many);
        try {
            return mounter.mount(call);
        } finally {
            objects.release(many);
        }
    }

    private static void refuse(StreamObserver<MountResponse> answer, Status status) {
        LOG.log(Level.INFO, "A mount was refused: {0}: {1}", status.getCode(), status.getDescription());
        answer.onError(status.asRuntimeException());
    }
}
