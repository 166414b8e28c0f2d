package dev.kluis.operator.kind;

import dev.kluis.crds.v1alpha1.KluisStatus;
import dev.kluis.vault.Owner;
import io.fabric8.kubernetes.client.CustomResource;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What resources that declare an object have in common. */
public final class Declaration {

    private Declaration() {}

    /** @param kind in owners */
    public static Owner ownerOf(String kind, CustomResource<?, ?> resource) {
        return new Owner(
                kind,
                resource.getMetadata().getNamespace(),
                resource.getMetadata().getName());
    }

    /** Whether the spec became another one since all was as declared last. */
    public static boolean changed(CustomResource<?, ? extends KluisStatus> resource) {
        var status = resource.getStatus();
        return status == null
                || !Objects.equals(
                        status.observedGeneration, resource.getMetadata().getGeneration())
                // What could not be done, or was not to be done then, is still to be taken over.
                || status.conditions.stream()
                        .noneMatch(condition -> Reason.Available.name().equals(condition.getReason()));
    }

    /** @throws Problem when the text of a field is no time */
    public static Optional<Instant> time(String field, @Nullable String text) {
        try {
            return Optional.ofNullable(text)
                    .map(some -> OffsetDateTime.parse(some).toInstant().truncatedTo(ChronoUnit.MILLIS));
        } catch (DateTimeException e) {
            throw new Problem(Reason.InvalidSpec, field + " is not a time of RFC 3339, such as 2027-01-31T12:00:00Z");
        }
    }
}
