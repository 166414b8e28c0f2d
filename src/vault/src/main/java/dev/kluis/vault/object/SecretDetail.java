package dev.kluis.vault.object;

/** What only a version of a secret has. */
public record SecretDetail(String contentType) implements VersionDetail {}
