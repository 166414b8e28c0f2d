package dev.kluis.vault.backup;

import dev.kluis.vault.InvalidNameException;
import dev.kluis.vault.VaultId;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a backup file is called: {@code <namespace>/<vault>/<time>-<incarnation>.kluis}, the time in UTC as
 * {@code 20260102T030405678Z}. The incarnation tells files of a vault from those of another one of the same name, in
 * another cluster or before a purge.
 *
 * @param incarnation the first 8 hex characters of the vault's
 * @param created to the millisecond
 */
public record BackupName(VaultId vault, String incarnation, Instant created) {

    /** The oldest first. */
    public static final Comparator<BackupName> BY_TIME = Comparator.comparing(BackupName::created);

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmssSSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final Pattern FILE = Pattern.compile("([0-9]{8}T[0-9]{9}Z)-([0-9a-f]{8})\\.kluis");
    private static final int SHORT = 8;

    /** The place of a vault's files: {@code <namespace>/<vault>}. */
    public record Folder(VaultId vault) {
        @Override
        public String toString() {
            return vault.namespace() + "/" + vault.name();
        }
    }

    public BackupName {
        created = created.truncatedTo(ChronoUnit.MILLIS);
        if (!incarnation.matches("[0-9a-f]{8}")) {
            throw new IllegalArgumentException("an incarnation is told by 8 hex characters");
        }
    }

    /** @param incarnation of the vault, 32 hex characters */
    public static BackupName of(VaultId vault, String incarnation, Instant created) {
        return new BackupName(vault, incarnation.substring(0, SHORT), created);
    }

    /** The name that a file in a vault's folder has, if it is that of a backup. Whoever writes there chose it. */
    public static Optional<BackupName> parse(Folder folder, String file) {
        var matcher = FILE.matcher(file);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new BackupName(folder.vault(), matcher.group(2), TIME.parse(matcher.group(1), Instant::from)));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** The inverse of {@link #toString}, for a name that a person gives. */
    public static Optional<BackupName> parse(String text) {
        String[] parts = text.split("/", -1);
        try {
            return parts.length == 3 ? parse(new Folder(new VaultId(parts[0], parts[1])), parts[2]) : Optional.empty();
        } catch (InvalidNameException e) {
            return Optional.empty();
        }
    }

    public Folder folder() {
        return new Folder(vault);
    }

    /** The name in the folder. */
    public String file() {
        return TIME.format(created) + "-" + incarnation + ".kluis";
    }

    /** What the note beside the file is called, with its folder. */
    public String note() {
        return this + ".note";
    }

    @Override
    public String toString() {
        return folder() + "/" + file();
    }
}
