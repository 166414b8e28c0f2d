package dev.kluis.operator.backup;

import dev.kluis.vault.backup.BackupHeader;
import dev.kluis.vault.backup.BackupName;
import dev.kluis.vault.backup.BackupNote;
import java.util.Optional;

/**
 * A backup that somebody asked for.
 *
 * @param id 32 hex characters
 * @param done how many objects are written
 * @param all how many there were when it began
 * @param result when it is done
 * @param message why it failed, or what did not go well all the same; holds no credentials
 */
public record BackupRun(String id, Phase phase, int done, int all, Optional<Result> result, String message) {

    /** How far it is. */
    public enum Phase {
        /** Another one is being made. */
        WAITING,
        WRITING,
        DONE,
        FAILED;

        public boolean over() {
            return this == DONE || this == FAILED;
        }
    }

    /** The file. */
    public record Result(BackupName name, String location, BackupHeader header, BackupNote note) {}

    static BackupRun waiting(String id) {
        return new BackupRun(id, Phase.WAITING, 0, 0, Optional.empty(), "");
    }

    BackupRun writing(int written, int of) {
        return new BackupRun(id, Phase.WRITING, written, of, Optional.empty(), "");
    }

    BackupRun done(BackupMaking.Made made) {
        return new BackupRun(
                id,
                Phase.DONE,
                made.written().totals().objects(),
                all,
                Optional.of(new Result(
                        made.name(),
                        made.location(),
                        made.written().header(),
                        made.written().note())),
                made.trouble().orElse(""));
    }

    BackupRun failed(String why) {
        return new BackupRun(id, Phase.FAILED, done, all, Optional.empty(), why);
    }
}
