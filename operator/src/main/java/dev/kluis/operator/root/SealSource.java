package dev.kluis.operator.root;

import dev.kluis.vault.audit.SealTrail;
import dev.kluis.vault.seal.RootKeySeal;
import dev.kluis.vault.seal.Roots;
import java.util.Optional;

/** Where the root key comes from; one per kind of seal. */
public interface SealSource extends Roots {

    /** The seal, or nothing while Kluis is sealed; asked again and again until there is one. */
    Optional<RootKeySeal> seal();

    /** Why there is none and what somebody has to do, for people. */
    String whySealed();

    /** Looks whether somebody asked for a new root, and makes it; what cannot be audited is not done. */
    default void beginWhenAsked(SealTrail trail) {}
}
