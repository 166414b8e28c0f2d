package dev.kluis.vault;

import dev.kluis.crypto.RecipientKeyPair;
import java.time.Instant;

/** A key pair of a vault: whoever has its public key seals values for the vault, in git for example. */
public record VaultRecipient(Instant created, RecipientKeyPair keys) {}
