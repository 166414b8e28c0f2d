package dev.kluis.operator.key;

import dev.kluis.crds.v1alpha1.VaultKey;
import dev.kluis.operator.kind.KindReconciler;
import dev.kluis.vault.Owner;
import dev.kluis.vault.Ownership;
import dev.kluis.vault.key.KeyEvents;
import dev.kluis.vault.object.ObjectView;
import dev.kluis.vault.object.VersionView;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes Kubernetes Events of what comes to pass with keys, beside the VaultKeys that declare them ({@code kubectl describe
 * vaultkey} shows them). An event's name says what it is of, so that none is there twice. Best effort: what matters is in the
 * status and the audit.
 */
public final class KeyEventRecorder implements KeyEvents {

    private static final Logger LOG = LoggerFactory.getLogger(KeyEventRecorder.class);

    /** MicroTime of Kubernetes: RFC 3339 with six digits of a second. */
    private static final DateTimeFormatter MICROS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private static final String KIND = "VaultKey";
    private static final int REMEMBERED = 1000;

    private final KubernetesClient client;
    private final InstantSource clock;
    /** The names of the latest events: what is told again is not asked of the API server again. */
    private final Set<String> told = Collections.newSetFromMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > REMEMBERED;
        }
    });

    public KeyEventRecorder(KubernetesClient client, InstantSource clock) {
        this.client = client;
        this.clock = clock;
    }

    private record Words(String reason, String type, String action, String note) {

        static Words of(What what, VersionView key) {
            String version = key.version().id();
            String end =
                    key.version().attributes().expires().map(Instant::toString).orElse("a time that is not set");
            return switch (what) {
                case NEW_VERSION ->
                    new Words("NewVersion", "Normal", "Rotate", "the rotation policy made version " + version);
                case NEAR_EXPIRY ->
                    new Words("NearExpiry", "Warning", "Notify", "version " + version + " expires at " + end);
                case EXPIRED -> new Words("Expired", "Warning", "Expire", "version " + version + " expired at " + end);
            };
        }
    }

    @Override
    public synchronized void happened(What what, ObjectView key, VersionView version) {
        var words = Words.of(what, version);
        if (told.add(version.version().id() + "." + what)) {
            LOG.info("{}: {}", key.id(), words.note());
            key.ownership()
                    .map(Ownership::owner)
                    .filter(owner -> owner.kind().equals(KIND))
                    .ifPresent(owner -> record(owner, words, version));
        }
    }

    private void record(Owner owner, Words words, VersionView version) {
        try {
            var resource = client.resources(VaultKey.class)
                    .inNamespace(owner.namespace())
                    .withName(owner.name())
                    .get();
            if (resource != null) {
                client.resource(event(resource, words, version)).create();
            }
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                LOG.warn("The event {} of {} could not be recorded", words.reason(), owner, e);
            }
        }
    }

    private io.fabric8.kubernetes.api.model.events.v1.Event event(VaultKey resource, Words words, VersionView version) {
        var metadata = resource.getMetadata();
        return new EventBuilder()
                .withNewMetadata()
                .withNamespace(metadata.getNamespace())
                .withName(metadata.getName() + "." + version.version().id() + "."
                        + words.reason().toLowerCase(java.util.Locale.ROOT))
                .endMetadata()
                .withEventTime(new MicroTime(MICROS.format(clock.instant())))
                .withReportingController("kluis.dev/operator")
                .withReportingInstance(KindReconciler.FIELD_MANAGER)
                .withType(words.type())
                .withReason(words.reason())
                .withAction(words.action())
                .withNote(words.note())
                .withNewRegarding()
                .withApiVersion(resource.getApiVersion())
                .withKind(KIND)
                .withNamespace(metadata.getNamespace())
                .withName(metadata.getName())
                .withUid(metadata.getUid())
                .endRegarding()
                .build();
    }
}
