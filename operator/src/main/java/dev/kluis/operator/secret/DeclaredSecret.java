package dev.kluis.operator.secret;

import dev.kluis.crds.v1alpha1.VaultSecretSpec;
import dev.kluis.operator.kind.Declaration;
import dev.kluis.operator.kind.Problem;
import dev.kluis.operator.kind.Reason;
import dev.kluis.operator.kind.RotateAnnotation;
import dev.kluis.operator.kind.VaultRefs;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.object.VersionPolicy;
import dev.kluis.vault.secret.SecretAttributes;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a VaultSecret says, with the values in force where it says nothing.
 *
 * @param source none: the value comes from a client
 * @param keep deleting the resource leaves the object
 * @param versions absent: all are kept
 * @param rotate the value of the annotation {@code kluis.dev/rotate}; empty for none
 */
record DeclaredSecret(
        ObjectId target,
        SecretAttributes attributes,
        Optional<Source> source,
        boolean keep,
        String rotate,
        Optional<VersionPolicy> versions) {

    /** Where a value comes from. */
    sealed interface Source {}

    /** A random value. */
    record Generated(GeneratedValue value) implements Source {}

    /** A key of a Secret in the resource's own namespace. */
    record Imported(String secret, String key) implements Source {}

    /** A value that was encrypted for this object: {@code kluis1:...}. */
    record Sealed(String text) implements Source {}

    /** @throws Problem for what the schema lets through and the engine does not */
    static DeclaredSecret of(
            String namespace, String name, @Nullable Map<String, String> annotations, VaultSecretSpec spec) {
        String rotate = RotateAnnotation.of(annotations);
        var target = ObjectId.secret(VaultRefs.resolve(spec.vaultRef, namespace), spec.name == null ? name : spec.name);
        var attributes = new SecretAttributes(
                !Boolean.FALSE.equals(spec.enabled),
                Declaration.time("notBefore", spec.notBefore),
                Declaration.time("expires", spec.expires),
                spec.contentType == null ? "" : spec.contentType,
                spec.tags == null ? Map.of() : spec.tags);
        return new DeclaredSecret(
                target,
                attributes,
                source(spec.source),
                "Keep".equals(spec.deletionPolicy),
                rotate,
                Optional.ofNullable(spec.versions).map(DeclaredSecret::policy));
    }

    private static VersionPolicy policy(VaultSecretSpec.Versions versions) {
        try {
            return new VersionPolicy(
                    versions.keep == null ? VersionPolicy.MIN_KEEP : versions.keep,
                    versions.olderThan == null ? Duration.ZERO : Duration.parse(versions.olderThan));
        } catch (DateTimeException | VaultException e) {
            throw new Problem(
                    Reason.InvalidSpec, "versions has keep, 2 to 500, and olderThan, a duration such as P180D");
        }
    }

    private static Optional<Source> source(VaultSecretSpec.@Nullable Source source) {
        if (source != null && source.generate != null) {
            var generate = source.generate;
            return Optional.of(new Generated(GeneratedValue.of(generate.length, generate.alphabet, generate.format)));
        }
        if (source != null && source.secretKeyRef != null) {
            return Optional.of(new Imported(source.secretKeyRef.name, source.secretKeyRef.key));
        }
        return Optional.ofNullable(source).map(some -> some.sealed).map(Sealed::new);
    }
}
