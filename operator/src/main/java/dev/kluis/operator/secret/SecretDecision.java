package dev.kluis.operator.secret;

import dev.kluis.operator.kind.Readiness;
import dev.kluis.operator.kind.Reason;
import dev.kluis.operator.kind.Step;
import dev.kluis.operator.secret.DeclaredSecret.Sealed;
import dev.kluis.operator.secret.DeclaredSecret.Source;
import dev.kluis.vault.Ownership;
import dev.kluis.vault.object.ObjectView;
import dev.kluis.vault.object.VersionPolicy;
import dev.kluis.vault.seal.SealedText;
import dev.kluis.vault.secret.SecretAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What is to be done for a VaultSecret. The order of the checks is the order of the methods: a first value, recovery,
 * rotation, another sealed value, attributes, deletion policy, versions.
 */
final class SecretDecision {

    private static final Duration SOONEST = Duration.ofMinutes(1);

    sealed interface Action {}

    /**
     * A new version from the source.
     *
     * @param rotate the handled rotate value from then on
     * @param ifRevision of the record that this was decided on; 0 for none
     */
    record MakeVersion(Source source, SecretAttributes attributes, String rotate, long ifRevision) implements Action {}

    /** Takes the deletion back. A rotate value that is there when the resource comes back counts as handled. */
    record Recover(String rotate) implements Action {}

    record Update(SecretAttributes attributes) implements Action {}

    record SetDeletionPolicy(boolean keep) implements Action {}

    record PruneVersions(VersionPolicy policy) implements Action {}

    private SecretDecision() {}

    static Step<Action> decide(SecretObserved observed, Instant now) {
        var declared = observed.declared();
        if (observed.secret().isEmpty()) {
            return firstValue(declared);
        }
        var secret = observed.secret().get();
        return recovery(declared, secret)
                .or(() -> rotation(declared, secret))
                .or(() -> sealed(declared, secret))
                .or(() -> attributes(observed, secret))
                .or(() -> deletionPolicy(declared, secret))
                .or(() -> versions(observed))
                .<Step<Action>>map(Step.Act::new)
                .orElseGet(() -> new Step.Settled<>(
                        new Readiness(
                                Reason.Available,
                                "the current version is "
                                        + secret.state().current().id()),
                        observed.superseded().next().map(next -> later(Duration.between(now, next)))));
    }

    /** The clocks may differ, so what is overdue by one may have to wait for the other. */
    private static Duration later(Duration until) {
        return until.compareTo(SOONEST) < 0 ? SOONEST : until;
    }

    private static Optional<Action> versions(SecretObserved observed) {
        return observed.declared()
                .versions()
                .filter(policy -> !observed.superseded().due().isEmpty())
                .map(PruneVersions::new);
    }

    private static Step<Action> firstValue(DeclaredSecret declared) {
        return declared.source()
                .<Step<Action>>map(
                        source -> new Step.Act<>(new MakeVersion(source, declared.attributes(), declared.rotate(), 0)))
                .orElseGet(() -> new Step.Settled<>(
                        new Readiness(
                                Reason.WaitingForValue,
                                "spec.source is absent, so a client sets the first value; none did so far"),
                        Optional.empty()));
    }

    private static Optional<Action> recovery(DeclaredSecret declared, ObjectView secret) {
        return secret.state().active() ? Optional.empty() : Optional.of(new Recover(declared.rotate()));
    }

    private static Optional<Action> rotation(DeclaredSecret declared, ObjectView secret) {
        String handled = secret.ownership().map(Ownership::rotate).orElse("");
        boolean asked = !declared.rotate().isEmpty() && !declared.rotate().equals(handled);
        return declared.source()
                .filter(source -> asked)
                .map(source -> new MakeVersion(source, declared.attributes(), declared.rotate(), secret.revision()));
    }

    /** Only another text is taken in: what a client set since then stays. */
    private static Optional<Action> sealed(DeclaredSecret declared, ObjectView secret) {
        String taken = secret.ownership().map(Ownership::sealed).orElse("");
        return declared.source()
                .filter(source -> source instanceof Sealed(String text)
                        && !SealedText.hash(text).equals(taken))
                .map(source -> new MakeVersion(source, declared.attributes(), declared.rotate(), secret.revision()));
    }

    /** Only when the spec changed: what a client changed since then is not undone. */
    private static Optional<Action> attributes(SecretObserved observed, ObjectView secret) {
        var declared = observed.declared().attributes();
        boolean differ = !SecretAttributes.of(secret.state().current()).equals(declared);
        return observed.specChanged() && differ ? Optional.of(new Update(declared)) : Optional.empty();
    }

    private static Optional<Action> deletionPolicy(DeclaredSecret declared, ObjectView secret) {
        return secret.ownership()
                .filter(ownership -> ownership.keep() != declared.keep())
                .map(ownership -> new SetDeletionPolicy(declared.keep()));
    }
}
