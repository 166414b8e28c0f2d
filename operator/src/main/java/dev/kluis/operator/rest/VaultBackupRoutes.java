package dev.kluis.operator.rest;

import static dev.kluis.operator.rest.Route.inVault;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.kluis.operator.backup.BackupFailedException;
import dev.kluis.operator.backup.BackupRun;
import dev.kluis.operator.backup.BackupRuns;
import dev.kluis.operator.backup.KeptBackups;
import dev.kluis.operator.rest.Route.Method;
import dev.kluis.vault.backup.BackupHeader;
import dev.kluis.vault.backup.BackupNote;
import dev.kluis.vault.backup.BackupRequests.VaultBackupCreate;
import dev.kluis.vault.backup.BackupRequests.VaultBackupList;
import dev.kluis.vault.backup.BackupRequests.VaultBackupProgress;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Semaphore;

/**
 * Backups of a whole vault, which Key Vault's REST API does not have. All of it takes the right to back the vault up.
 *
 * <ul>
 *   <li>{@code POST backup/create} begins one to where the Vault's {@code spec.backup} says, and answers its {@code run};
 *   <li>{@code GET backup/runs/RUN} tells how far it is;
 *   <li>{@code GET backup/files} lists what is there, the newest first.
 * </ul>
 */
public final class VaultBackupRoutes {

    private static final int FILES = 1000;
    private static final int DEFAULT_FILES = 100;
    private static final Duration LIST_TIME = Duration.ofMinutes(2);
    /** Each asks a destination for up to twice as many answers as there are files. */
    private static final int LISTS_AT_ONCE = 2;

    private final BackupRuns runs;
    private final KeptBackups kept;
    private final InstantSource clock;
    private final Semaphore lists = new Semaphore(LISTS_AT_ONCE);

    private VaultBackupRoutes(BackupRuns runs, KeptBackups kept, InstantSource clock) {
        this.runs = runs;
        this.kept = kept;
        this.clock = clock;
    }

    public static List<Route> routes(BackupRuns runs, KeptBackups kept, InstantSource clock) {
        var routes = new VaultBackupRoutes(runs, kept, clock);
        return List.of(
                inVault(Method.POST, "backup/create", routes::create),
                inVault(Method.GET, "backup/runs/{run}", routes::progress),
                inVault(Method.GET, "backup/files", routes::list).within(LIST_TIME));
    }

    private Response create(Request request) {
        request.execute(new VaultBackupCreate(request.vault()));
        return answer(202, runs.begin(request.caller(), request.vault()));
    }

    private Response progress(Request request) {
        request.execute(new VaultBackupProgress(request.vault()));
        var run = runs.run(request.vault(), request.parameter("run"))
                .orElseThrow(() -> RestException.notFound(
                        "there is no such run: there was a later one, or Kluis was started anew, which ends a run"));
        return answer(200, run);
    }

    private Response answer(int status, BackupRun run) {
        return Response.json(status, Map.of(), json -> {
            json.writeStartObject();
            json.writeStringField("run", run.id());
            json.writeStringField("phase", run.phase().name().toLowerCase(Locale.ROOT));
            json.writeNumberField("done", run.done());
            json.writeNumberField("all", run.all());
            if (!run.message().isEmpty()) {
                json.writeStringField("message", run.message());
            }
            if (run.result().isPresent()) {
                var file = run.result().get();
                json.writeObjectFieldStart("file");
                json.writeStringField("name", file.name().toString());
                json.writeStringField("location", file.location());
                header(json, file.header(), clock.instant());
                json.writeNumberField("bytes", file.note().bytes());
                note(json, file.note());
                json.writeEndObject();
            }
            json.writeEndObject();
        });
    }

    private Response list(Request request) {
        int limit = request.queryNumber("limit").orElse(DEFAULT_FILES);
        if (limit < 1 || limit > FILES) {
            throw RestException.badParameter("'limit' is 1 to " + FILES);
        }
        var known = request.execute(new VaultBackupList(request.vault()));
        try (var _ = known.notes()) {
            if (!lists.tryAcquire()) {
                throw RestException.throttled("backups are being listed; trying again helps");
            }
            try {
                return answer(kept.list(request.vault(), known, limit));
            } finally {
                lists.release();
            }
        } catch (BackupFailedException e) {
            throw RestException.unavailable("DestinationUnavailable", "where backups are kept: " + e.getMessage(), 10);
        }
    }

    private Response answer(KeptBackups.Listing listing) {
        var now = clock.instant();
        return Response.json(json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("value");
            for (var file : listing.files()) {
                json.writeStartObject();
                json.writeStringField("name", file.name().toString());
                json.writeNumberField("bytes", file.bytes());
                if (file.header().isPresent()) {
                    header(json, file.header().get(), now);
                } else {
                    json.writeStringField("created", file.name().created().toString());
                }
                if (file.note().isPresent()) {
                    note(json, file.note().get());
                }
                if (!file.trouble().isEmpty()) {
                    json.writeStringField("trouble", file.trouble());
                }
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeNumberField("older", listing.older());
            json.writeEndObject();
        });
    }

    private static void header(JsonGenerator json, BackupHeader file, Instant now) throws IOException {
        json.writeStringField("created", file.created().toString());
        json.writeStringField("expires", file.expires().toString());
        json.writeBooleanField("expired", !now.isBefore(file.expires()));
        json.writeStringField("recipient", file.recipient());
        json.writeStringField("signer", file.signer().hex());
    }

    private static void note(JsonGenerator json, BackupNote note) throws IOException {
        json.writeNumberField("objects", note.totals().objects());
        json.writeNumberField("deleted", note.totals().deleted());
        json.writeNumberField("versions", note.totals().versions());
        json.writeNumberField("unreadable", note.totals().unreadable());
        json.writeStringField("digest", note.digest());
    }
}
