package dev.kluis.operator.secret;

import dev.kluis.vault.object.ObjectView;
import dev.kluis.vault.object.VersionPolicy.Superseded;
import java.util.Optional;

/**
 * All that is read for a decision on a VaultSecret.
 *
 * @param secret as the engine has it, deleted or not
 * @param specChanged since the attributes were taken over last
 * @param superseded the versions that are no longer kept
 */
record SecretObserved(
        DeclaredSecret declared, Optional<ObjectView> secret, boolean specChanged, Superseded superseded) {}
