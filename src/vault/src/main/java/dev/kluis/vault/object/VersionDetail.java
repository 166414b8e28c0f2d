package dev.kluis.vault.object;

/** What a version has that only its kind of object has. */
public sealed interface VersionDetail permits SecretDetail, KeyDetail {}
