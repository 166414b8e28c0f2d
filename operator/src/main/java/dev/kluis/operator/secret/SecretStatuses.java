package dev.kluis.operator.secret;

import dev.kluis.crds.v1alpha1.VaultSecretStatus;
import dev.kluis.operator.kind.VaultRefs;
import java.time.Instant;
import java.util.Optional;

/** A VaultSecret's status: what the vault has, never a value. */
final class SecretStatuses {

    private SecretStatuses() {}

    static VaultSecretStatus of(Optional<SecretObserved> observed) {
        var status = new VaultSecretStatus();
        observed.ifPresent(seen -> {
            var target = seen.declared().target();
            status.vault = target.vault().toString();
            seen.secret().filter(secret -> secret.state().active()).ifPresent(secret -> {
                var current = secret.state().current();
                status.uri = VaultRefs.uri(target.vault()) + "/secrets/" + target.name();
                status.currentVersion = current.id();
                status.versions = secret.state().versions().size();
                status.lastRotation = current.created().toString();
                status.nextEvent =
                        current.attributes().expires().map(Instant::toString).orElse(null);
            });
        });
        return status;
    }
}
