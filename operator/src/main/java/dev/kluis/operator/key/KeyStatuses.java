package dev.kluis.operator.key;

import dev.kluis.crds.v1alpha1.VaultKeyStatus;
import dev.kluis.crds.v1alpha1.VaultKeyStatus.PublicKey;
import dev.kluis.crypto.key.PublicKeyForm;
import dev.kluis.operator.kind.VaultRefs;
import dev.kluis.vault.key.KeyDates;
import dev.kluis.vault.object.KeyDetail;
import dev.kluis.vault.object.ObjectState;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A VaultKey's status: what the vault has, and of the key its public part alone. */
final class KeyStatuses {

    private KeyStatuses() {}

    static VaultKeyStatus of(Optional<KeyObserved> observed) {
        var status = new VaultKeyStatus();
        observed.ifPresent(seen -> {
            var target = seen.declared().target();
            status.vault = target.vault().toString();
            seen.key().filter(key -> key.state().active()).ifPresent(key -> {
                String uri = VaultRefs.uri(target.vault()) + "/keys/" + target.name();
                status.uri = uri;
                show(status, uri, key.state());
            });
        });
        return status;
    }

    private static void show(VaultKeyStatus status, String uri, ObjectState key) {
        var current = key.current();
        status.currentVersion = current.id();
        status.versions = key.versions().size();
        status.publicKey = KeyDetail.of(current)
                .publicKey()
                .map(one -> publicKey(uri + "/" + current.id(), one))
                .orElse(null);
        status.lastRotation = current.created().toString();
        status.nextRotation = text(KeyDates.rotation(key));
        status.nextEvent = text(Stream.of(
                        KeyDates.rotation(key),
                        KeyDates.notice(key),
                        current.attributes().expires())
                .flatMap(Optional::stream)
                .min(Instant::compareTo));
    }

    private static PublicKey publicKey(String kid, PublicKeyForm form) {
        var jwk = new LinkedHashMap<String, String>();
        jwk.put("kid", kid);
        jwk.putAll(form.jwk());
        var shown = new PublicKey();
        shown.jwk = jwk;
        return shown;
    }

    private static @Nullable String text(Optional<Instant> time) {
        return time.map(Instant::toString).orElse(null);
    }
}
