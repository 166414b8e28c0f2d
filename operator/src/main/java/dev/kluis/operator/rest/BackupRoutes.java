package dev.kluis.operator.rest;

import static dev.kluis.operator.rest.Route.inVault;

import com.fasterxml.jackson.core.JsonToken;
import dev.kluis.crypto.VerifyingKey;
import dev.kluis.operator.backup.Restores;
import dev.kluis.operator.rest.Route.Method;
import dev.kluis.vault.ObjectKind;
import dev.kluis.vault.backup.BackupOperations.ObjectBackup;
import dev.kluis.vault.backup.BackupOperations.ObjectRestore;
import dev.kluis.vault.backup.ObjectBlob;
import dev.kluis.vault.backup.ObjectImport;
import dev.kluis.vault.backup.ObjectRestoreQuestion;
import dev.kluis.vault.backup.VaultImport.Options;
import dev.kluis.vault.backup.VaultRestoreKey;
import dev.kluis.vault.object.VersionView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Backup and restore of a secret, as Key Vault's REST API has them, and the restore of a whole vault, which is ours:
 *
 * <ul>
 *   <li>{@code POST backup/restorekey} answers a key, {@code {"recipient": "kluis-recipient1:..."}}, to seal a file to;
 *   <li>{@code POST backup/restore?signer=...&purgedToo=true} takes that file as its body, and restores it as it comes.
 * </ul>
 */
public final class BackupRoutes {

    /** A blob in base64url, in JSON. */
    private static final int BLOB_LIMIT = ObjectBlob.LIMIT / 3 * 4 + 1024;

    private static final int NOWHERE = -1;

    private static final Duration RESTORE_TIME = Duration.ofHours(1);
    /** An answer tells of so many objects one by one; of more, how many. */
    private static final int RESULTS = 10_000;

    private BackupRoutes() {}

    /** @param restoreLimit how many bytes a file of a whole vault may have */
    public static List<Route> routes(Restores restores, long restoreLimit) {
        var routes = new ArrayList<>(ofObjects());
        routes.add(inVault(Method.POST, "backup/restorekey", request -> recipient(restores, restoreLimit, request)));
        routes.add(inVault(Method.POST, "backup/restore", request -> restoreVault(restores, request))
                .withStreamOf(restoreLimit)
                .within(RESTORE_TIME)
                // Who may not restore learns nothing of the file or the vault.
                .after(request -> request.execute(new VaultRestoreKey(request.vault()))));
        return routes;
    }

    static List<Route> ofObjects() {
        return List.of(
                inVault(Method.POST, "secrets/{name}/backup", request -> backup(request, ObjectKind.SECRET)),
                inVault(Method.POST, "keys/{name}/backup", request -> backup(request, ObjectKind.KEY)),
                inVault(Method.POST, "secrets/restore", request -> restore(request, SecretAnswers.FORM))
                        .withBodyOf(BLOB_LIMIT)
                        .after(request -> requireRestore(request, ObjectKind.SECRET)),
                inVault(Method.POST, "keys/restore", request -> restore(request, KeyAnswers.FORM))
                        .withBodyOf(BLOB_LIMIT)
                        .after(request -> requireRestore(request, ObjectKind.KEY)));
    }

    private static Response backup(Request request, ObjectKind kind) {
        byte[] blob = request.execute(new ObjectBackup(ObjectAnswers.id(request, kind)));
        return Response.json(json -> {
            json.writeStartObject();
            json.writeStringField(
                    "value", Base64.getUrlEncoder().withoutPadding().encodeToString(blob));
            json.writeEndObject();
        });
    }

    /** A blob says itself which object it is of; who may restore none at all sends it in vain. */
    private static void requireRestore(Request request, ObjectKind kind) {
        request.execute(new ObjectRestoreQuestion(request.vault(), kind));
    }

    private static Response restore(Request request, ObjectForm form) {
        var operation = ObjectRestore.of(request.vault(), form.kind(), blob(request.body()));
        var state = request.execute(operation);
        return ObjectAnswers.bundle(form, request, VersionView.of(operation.target(), state, state.current()));
    }

    /** A blob is long: it is decoded where it lies, when all of the body is known to be JSON. */
    static byte[] blob(byte[] body) {
        int[] begin = {NOWHERE};
        Json.readLarge(body, (name, parser, at) -> {
            if (name.equals("value")) {
                if (parser.currentToken() != JsonToken.VALUE_STRING) {
                    throw RestException.badParameter("'value' is not a text");
                }
                begin[0] = at;
            }
        });
        return begin[0] == NOWHERE ? new byte[0] : BlobText.decode(body, begin[0]);
    }

    private static Response recipient(Restores restores, long limit, Request request) {
        request.execute(new VaultRestoreKey(request.vault()));
        var key = restores.key();
        return Response.json(json -> {
            json.writeStartObject();
            json.writeStringField("recipient", key.text());
            json.writeNumberField("limit", limit);
            json.writeEndObject();
        });
    }

    private static Response restoreVault(Restores restores, Request request) {
        var options = new Options(request.query("signer").map(BackupRoutes::signer), flag(request, "purgedToo"));
        var results = new ArrayList<ObjectImport.Result>();
        try {
            var report = restores.restore(request.caller(), request.vault(), request.stream(), options, result -> {
                if (results.size() < RESULTS) {
                    results.add(result);
                }
            });
            return Response.json(json -> {
                json.writeStartObject();
                json.writeNumberField("restored", report.restored());
                json.writeNumberField("updated", report.updated());
                json.writeNumberField("skipped", report.skipped());
                json.writeNumberField("unreadable", report.totals().unreadable());
                json.writeNumberField("more", report.restored() + report.updated() + report.skipped() - results.size());
                json.writeArrayFieldStart("objects");
                for (var result : results) {
                    json.writeStartObject();
                    json.writeStringField("name", result.id().name());
                    json.writeStringField("done", result.done().name());
                    json.writeStringField("why", result.why());
                    json.writeEndObject();
                }
                json.writeEndArray();
                json.writeEndObject();
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static VerifyingKey signer(String hex) {
        try {
            return VerifyingKey.ofHex(hex);
        } catch (IllegalArgumentException e) {
            throw RestException.badParameter("'signer' is not 64 lower-case hex characters of a key");
        }
    }

    private static boolean flag(Request request, String name) {
        Optional<String> text = request.query(name);
        if (text.filter(one -> !one.equals("true") && !one.equals("false")).isPresent()) {
            throw RestException.badParameter("'" + name + "' is true or false");
        }
        return text.filter("true"::equals).isPresent();
    }
}
