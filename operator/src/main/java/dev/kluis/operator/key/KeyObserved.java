package dev.kluis.operator.key;

import dev.kluis.vault.object.ObjectView;
import java.util.Optional;

/**
 * All that is read for a decision on a VaultKey.
 *
 * @param key as the engine has it, deleted or not
 * @param specChanged since all was as declared last
 */
record KeyObserved(DeclaredKey declared, Optional<ObjectView> key, boolean specChanged) {}
