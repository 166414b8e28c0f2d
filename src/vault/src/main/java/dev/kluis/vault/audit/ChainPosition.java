package dev.kluis.vault.audit;

/**
 * A line's place in the audit.
 *
 * @param instance 32 hex characters
 * @param number from 0
 * @param hash of the line: 64 hex characters
 */
public record ChainPosition(String instance, long number, String hash) {}
