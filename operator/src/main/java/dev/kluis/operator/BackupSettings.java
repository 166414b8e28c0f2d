package dev.kluis.operator;

import java.nio.file.Path;

/**
 * Where backups may go.
 *
 * @param folders in which each folder of the chart is mounted under its name
 * @param allowHttp whether a store of backups may be reached without TLS
 * @param restoreLimit how many bytes a file has at most that is restored
 */
public record BackupSettings(Path folders, boolean allowHttp, long restoreLimit) {
    public BackupSettings {
        if (restoreLimit < 1) {
            throw new IllegalArgumentException("the limit of a restore is 1 byte or more");
        }
    }
}
