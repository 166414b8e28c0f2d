package dev.kluis.operator.key;

import dev.kluis.crds.v1alpha1.VaultKeySpec;
import dev.kluis.operator.kind.Declaration;
import dev.kluis.operator.kind.Problem;
import dev.kluis.operator.kind.Reason;
import dev.kluis.operator.kind.RotateAnnotation;
import dev.kluis.operator.kind.VaultRefs;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.key.WantedKey;
import dev.kluis.vault.object.Attributes;
import dev.kluis.vault.object.CalendarPeriod;
import dev.kluis.vault.object.RotationPolicy.AfterCreation;
import dev.kluis.vault.object.RotationPolicy.BeforeExpiry;
import dev.kluis.vault.object.RotationPolicy.Trigger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a VaultKey says, with the values in force where it says nothing.
 *
 * @param operations absent: what is usual for its kind
 * @param sealed a JWK that was encrypted for this object, {@code kluis1:...}; absent: it is generated
 * @param keep deleting the resource leaves the object
 * @param rotate the value of the annotation {@code kluis.dev/rotate}; empty for none
 */
record DeclaredKey(
        ObjectId target,
        WantedKey wanted,
        Optional<List<String>> operations,
        Attributes attributes,
        Optional<Rotation> rotation,
        Optional<String> sealed,
        boolean keep,
        String rotate) {

    /**
     * When new versions are made.
     *
     * @param trigger absent: not by themselves
     * @param expires how long each version is valid; absent is without an end
     * @param notice how long before its end that is announced; absent is not at all
     */
    record Rotation(Optional<Trigger> trigger, Optional<CalendarPeriod> expires, Optional<Trigger> notice) {}

    /** @throws Problem for what the schema lets through and the engine does not */
    static DeclaredKey of(String namespace, String name, @Nullable Map<String, String> annotations, VaultKeySpec spec) {
        return new DeclaredKey(
                ObjectId.key(VaultRefs.resolve(spec.vaultRef, namespace), spec.name == null ? name : spec.name),
                new WantedKey(
                        // In JWKs the type of symmetric keys alone is in lower case.
                        spec.type.equals("OCT") ? "oct" : spec.type,
                        Optional.ofNullable(spec.size),
                        Optional.empty(),
                        Optional.ofNullable(spec.curve).or(() -> Optional.ofNullable(spec.algorithm))),
                Optional.ofNullable(spec.operations),
                new Attributes(
                        !Boolean.FALSE.equals(spec.enabled),
                        Declaration.time("notBefore", spec.notBefore),
                        Declaration.time("expires", spec.expires),
                        spec.tags == null ? Map.of() : spec.tags),
                Optional.ofNullable(spec.rotation).map(DeclaredKey::rotation),
                Optional.ofNullable(spec.imported).map(some -> some.sealed),
                "Keep".equals(spec.deletionPolicy),
                RotateAnnotation.of(annotations));
    }

    private static Rotation rotation(VaultKeySpec.Rotation rotation) {
        return new Rotation(
                period("every", rotation.every)
                        .<Trigger>map(AfterCreation::new)
                        .or(() -> period("beforeExpiry", rotation.beforeExpiry).map(BeforeExpiry::new)),
                period("expires", rotation.expires),
                period("notifyBefore", rotation.notifyBefore).map(BeforeExpiry::new));
    }

    private static Optional<CalendarPeriod> period(String field, @Nullable String text) {
        try {
            return Optional.ofNullable(text).map(CalendarPeriod::new);
        } catch (IllegalArgumentException e) {
            throw new Problem(Reason.InvalidSpec, "rotation." + field + ": " + e.getMessage());
        }
    }
}
