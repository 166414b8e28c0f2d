package dev.kluis.operator.key;

import dev.kluis.operator.key.DeclaredKey.Rotation;
import dev.kluis.operator.kind.Readiness;
import dev.kluis.operator.kind.Reason;
import dev.kluis.operator.kind.Step;
import dev.kluis.vault.Ownership;
import dev.kluis.vault.key.KeySetAttributes;
import dev.kluis.vault.object.Attributes;
import dev.kluis.vault.object.CalendarPeriod;
import dev.kluis.vault.object.ObjectView;
import dev.kluis.vault.object.RotationPolicy;
import dev.kluis.vault.object.RotationPolicy.BeforeExpiry;
import dev.kluis.vault.seal.SealedText;
import java.time.Instant;
import java.util.Optional;

/**
 * What is to be done for a VaultKey. The order of the checks is the order of the methods: a first version, recovery,
 * another sealed key, rotation, attributes, rotation policy, deletion policy.
 */
final class KeyDecision {

    /** What is announced of a key without a policy. */
    private static final Rotation USUAL =
            new Rotation(Optional.empty(), Optional.empty(), Optional.of(new BeforeExpiry(CalendarPeriod.ofDays(30))));

    sealed interface Action {}

    /**
     * A new version that is generated.
     *
     * @param rotate the handled rotate value from then on
     * @param ifRevision of the record that this was decided on; 0 for none
     */
    record Generate(Attributes attributes, String rotate, long ifRevision) implements Action {}

    /** A new version that was made elsewhere; the rest as in {@link Generate}. */
    record TakeIn(String sealed, Attributes attributes, String rotate, long ifRevision) implements Action {}

    /** Takes the deletion back. A rotate value that is there when the resource comes back counts as handled. */
    record Recover(String rotate) implements Action {}

    record Update(KeySetAttributes operation) implements Action {}

    record SetRotation(Rotation rotation) implements Action {}

    record SetDeletionPolicy(boolean keep) implements Action {}

    private KeyDecision() {}

    static Step<Action> decide(KeyObserved observed, Instant now) {
        var declared = observed.declared();
        if (observed.key().isEmpty()) {
            return new Step.Act<>(newVersion(declared, now, 0));
        }
        var key = observed.key().get();
        return recovery(declared, key)
                .or(() -> sealed(declared, key, now))
                .or(() -> rotation(declared, key, now))
                .or(() -> attributes(observed, key, now))
                .or(() -> rotationPolicy(observed, key))
                .or(() -> deletionPolicy(declared, key))
                .<Step<Action>>map(Step.Act::new)
                .orElseGet(() -> new Step.Settled<>(
                        new Readiness(
                                Reason.Available,
                                "the current version is "
                                        + key.state().current().id()),
                        Optional.empty()));
    }

    private static Action newVersion(DeclaredKey declared, Instant now, long revision) {
        var attributes = ending(declared, Optional.empty(), now);
        return declared.sealed()
                .<Action>map(text -> new TakeIn(text, attributes, declared.rotate(), revision))
                .orElseGet(() -> new Generate(attributes, declared.rotate(), revision));
    }

    private static Optional<Action> recovery(DeclaredKey declared, ObjectView key) {
        return key.state().active() ? Optional.empty() : Optional.of(new Recover(declared.rotate()));
    }

    /** Only another text is taken in: the versions that came after it stay. */
    private static Optional<Action> sealed(DeclaredKey declared, ObjectView key, Instant now) {
        String taken = key.ownership().map(Ownership::sealed).orElse("");
        return declared.sealed()
                .filter(text -> !SealedText.hash(text).equals(taken))
                .map(text -> newVersion(declared, now, key.revision()));
    }

    /** A key that was taken in is followed by one that is generated: the same one again would be no rotation. */
    private static Optional<Action> rotation(DeclaredKey declared, ObjectView key, Instant now) {
        String handled = key.ownership().map(Ownership::rotate).orElse("");
        boolean asked = !declared.rotate().isEmpty() && !declared.rotate().equals(handled);
        return asked
                ? Optional.of(new Generate(ending(declared, Optional.empty(), now), declared.rotate(), key.revision()))
                : Optional.empty();
    }

    /** Only when the spec changed: what a client changed since then is not undone. */
    private static Optional<Action> attributes(KeyObserved observed, ObjectView key, Instant now) {
        var declared = observed.declared();
        var current = key.state().current();
        var wanted = new KeySetAttributes(
                declared.target(), ending(declared, current.attributes().expires(), now), declared.operations());
        return observed.specChanged() && wanted.changes(current) ? Optional.of(new Update(wanted)) : Optional.empty();
    }

    /**
     * The attributes with their end in force: the declared one; else, where versions are valid for a time, the one that there
     * is or one that is that far from now.
     */
    private static Attributes ending(DeclaredKey declared, Optional<Instant> there, Instant now) {
        var said = declared.attributes();
        var end = said.expires()
                .or(() -> declared.rotation()
                        .flatMap(Rotation::expires)
                        .map(valid -> there.orElseGet(() -> valid.after(now))));
        return new Attributes(said.enabled(), said.notBefore(), end, said.tags());
    }

    /** One that is declared is in force; where none is, one that a client set stays until the spec changes. */
    private static Optional<Action> rotationPolicy(KeyObserved observed, ObjectView key) {
        var there = key.state().policy() instanceof RotationPolicy policy
                ? new Rotation(policy.rotate(), policy.expiryTime(), policy.notice())
                : USUAL;
        var declared = observed.declared().rotation();
        return declared.or(() -> Optional.of(USUAL).filter(usual -> observed.specChanged()))
                .filter(wanted -> !wanted.equals(there))
                .map(SetRotation::new);
    }

    private static Optional<Action> deletionPolicy(DeclaredKey declared, ObjectView key) {
        return key.ownership()
                .filter(ownership -> ownership.keep() != declared.keep())
                .map(ownership -> new SetDeletionPolicy(declared.keep()));
    }
}
