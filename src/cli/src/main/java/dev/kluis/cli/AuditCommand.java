package dev.kluis.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kluis.crypto.VerifyingKey;
import dev.kluis.vault.audit.AuditVerification;
import dev.kluis.vault.audit.AuditVerification.Instance;
import dev.kluis.vault.audit.AuditVerification.Report;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The audit. */
@Command(
        name = "audit",
        description = "Searches the audit, and proves that it is whole.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {AuditCommand.Verify.class, AuditCommand.Tail.class, AuditCommand.Search.class})
final class AuditCommand {

    private static final List<Output.Column> COLUMNS = List.of(
            new Output.Column("TIME", line -> line.path("time").asText()),
            new Output.Column("OPERATION", line -> line.path("operationName").asText()),
            new Output.Column("OBJECT", line -> line.path("object").asText()),
            new Output.Column("RESULT", line -> line.path("resultType").asText()),
            new Output.Column(
                    "CALLER", line -> line.path("identity").path("name").asText()),
            new Output.Column("FROM", line -> line.path("callerIpAddress").asText()));

    private AuditCommand() {}

    /** Proves, without the operator, that lines are whole. */
    @Command(
            name = "verify",
            description = {
                "Proves that audit lines are whole, offline: from files in the order in which they were written, or from"
                        + " standard input.",
                "Finds what was edited, left out, put in, moved or cut off, and says how far the signatures reach.",
                "Ends with 0 when all that is there is whole, and with 1 when it is not."
            })
    static final class Verify implements Callable<Integer> {

        private final Terminal terminal;

        @Mixin
        private final Connection connection = new Connection();

        @Parameters(paramLabel = "FILE", arity = "0..*", description = "Files, oldest first; none is standard input.")
        private List<Path> files = List.of();

        @Option(
                names = "--keys",
                paramLabel = "FILE",
                description = "The public keys to trust, each in a line of its own, in hex, perhaps after its id;"
                        + " without it, those of the cluster's ConfigMap kluis-audit-keys.")
        private @Nullable Path keys;

        @Option(
                names = "--skip-foreign",
                description =
                        "Skips lines of other origin, and what stands before a line, as kubectl logs --prefix has it.")
        private boolean skipForeign;

        @Option(
                names = "--from-middle",
                description = "The beginning may be missing, as when a rotation removed old files.")
        private boolean fromMiddle;

        @Option(
                names = "--sink",
                paramLabel = "NAME",
                description = "Whose lines these are (stdout, file, http): only what that one dropped may be missing.")
        private @Nullable String sink;

        @Option(
                names = "--until",
                paramLabel = "TIME",
                description = "The signatures must reach this time (RFC 3339), when an operator ran: otherwise the end"
                        + " was cut.")
        private @Nullable Instant until;

        Verify(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            var verification = new AuditVerification(
                    trusted(),
                    new AuditVerification.Options(
                            skipForeign, fromMiddle, Optional.ofNullable(sink), Optional.ofNullable(until)));
            try {
                for (var file : files) {
                    try (var in = Files.newInputStream(file)) {
                        verification.read(String.valueOf(file.getFileName()), in);
                    }
                }
                if (files.isEmpty()) {
                    verification.read("stdin", terminal.in());
                }
            } catch (IOException e) {
                throw CommandException.usage("a file cannot be read");
            }
            return tell(verification.report());
        }

        private Set<VerifyingKey> trusted() {
            var trusted = new HashSet<VerifyingKey>();
            try {
                if (keys == null) {
                    connection
                            .cluster()
                            .auditKeys(connection.operatorNamespace())
                            .values()
                            .forEach(hex -> trusted.add(VerifyingKey.ofHex(hex.strip())));
                } else {
                    TextFile.read(keys)
                            .lines()
                            .map(String::strip)
                            .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                            .forEach(line -> trusted.add(VerifyingKey.ofHex(line.replaceFirst(".*[\\s:]", ""))));
                }
            } catch (IllegalArgumentException e) {
                throw CommandException.usage("a line of the keys holds no Ed25519 public key of 64 hex characters");
            }
            if (trusted.isEmpty()) {
                throw CommandException.usage("there is no key to trust");
            }
            return trusted;
        }

        private int tell(Report report) {
            var out = terminal.out();
            for (var finding : report.findings()) {
                out.println(finding.place() + ": " + finding.kind() + ": " + finding.message());
            }
            if (report.found() > report.findings().size()) {
                out.println("and " + (report.found() - report.findings().size()) + " more");
            }
            report.instances().forEach(instance -> out.println(line(instance)));
            out.println(report.lines() + " lines, "
                    + (!report.intact()
                            ? report.found() + " findings"
                            : report.complete()
                                    ? "whole and complete"
                                    : "whole; the last instance has not stopped: it runs, was killed, or its tail was"
                                            + " cut"));
            out.flush();
            return report.intact() && report.lines() > 0 ? Exit.OK : Exit.REFUSED;
        }

        private static String line(Instance instance) {
            String signed = instance.signedUpTo().isPresent()
                    ? "signed up to " + instance.signedUpTo().getAsLong() + " at "
                            + instance.signedAt().orElseThrow()
                    : "not signed";
            return "instance " + instance.instance() + ": lines " + instance.first() + " to " + instance.last() + ", "
                    + signed
                    + (instance.unsigned() > 0 ? ", " + instance.unsigned() + " after it chained but unsigned" : "")
                    + (instance.dropped() > 0 ? ", " + instance.dropped() + " declared as dropped" : "")
                    + (instance.inOrder() ? ", stopped in order" : "");
        }
    }

    /** Asks the operator for lines of one vault, of the seal, or of tokens. */
    abstract static class Looking implements Callable<Integer> {

        final Terminal terminal;

        @Option(
                names = {"-v", "--vault"},
                paramLabel = "NAME",
                description = "The vault.")
        private @Nullable String vault;

        @Option(
                names = {"-n", "--namespace"},
                paramLabel = "NAMESPACE",
                description = "The vault's namespace; default that of the kubeconfig's context.")
        private @Nullable String namespace;

        @Option(
                names = "--seal",
                description =
                        "What was done with the seal: shares, dealings, new roots. Needs get on seals.kluis.dev in"
                                + " Kluis's namespace.")
        private boolean seal;

        @Option(
                names = "--tokens",
                description =
                        "Which access tokens were issued and refused; the object is clients/ID, as the client calls"
                                + " itself. Needs get on seals.kluis.dev in Kluis's namespace.")
        private boolean tokens;

        @Mixin
        final Connection connection = new Connection();

        @Mixin
        final Output output = new Output();

        Looking(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            String path = path();
            try (var api = connection.open()) {
                run(api, path);
            }
            return Exit.OK;
        }

        private String path() {
            if (seal && tokens) {
                throw CommandException.usage("either --seal or --tokens");
            }
            if (seal || tokens) {
                return seal ? "/seal" : "/tokens";
            }
            if (vault == null) {
                throw CommandException.usage("whose audit? --vault NAME, --seal or --tokens");
            }
            return VaultOptions.path(connection, namespace, vault);
        }

        /** @param path of what has the audit in the API, without a slash at its end */
        abstract void run(KluisApi api, String path);
    }

    /** The last operations. */
    @Command(
            name = "tail",
            description = "Prints the last operations on a vault, on the seal or on tokens, oldest first.")
    static final class Tail extends Looking {

        @Option(names = "--lines", paramLabel = "N", description = "How many; default 20.")
        private int lines = 20;

        Tail(Terminal terminal) {
            super(terminal);
        }

        @Override
        void run(KluisApi api, String path) {
            print(this, api, path, Map.of("limit", String.valueOf(lines)));
        }
    }

    /** Operations that match. */
    @Command(
            name = "search",
            description = {
                "Prints the last operations on a vault, on the seal or on tokens that match, oldest first.",
                "Where the operator writes no file it knows only the last lines that it has in memory."
            })
    static final class Search extends Looking {

        @Option(names = "--object", paramLabel = "OBJECT", description = "Such as secrets/db-password.")
        private @Nullable String object;

        @Option(names = "--caller", paramLabel = "NAME", description = "Such as system:serviceaccount:shop:api.")
        private @Nullable String caller;

        @Option(names = "--operation", paramLabel = "NAME", description = "Such as SecretGet.")
        private @Nullable String operation;

        @Option(names = "--result", paramLabel = "RESULT", description = "Success, or the code of a refusal.")
        private @Nullable String result;

        @Option(names = "--from", paramLabel = "TIME", description = "The earliest time, such as 2026-01-31T12:00:00Z.")
        private @Nullable String from;

        @Option(names = "--to", paramLabel = "TIME", description = "Before which time.")
        private @Nullable String to;

        @Option(names = "--limit", paramLabel = "N", description = "How many at most, up to 10000; default 1000.")
        private int limit = 1000;

        Search(Terminal terminal) {
            super(terminal);
        }

        @Override
        void run(KluisApi api, String path) {
            var query = new LinkedHashMap<String, String>();
            put(query, "object", object);
            put(query, "caller", caller);
            put(query, "operation", operation);
            put(query, "result", result);
            put(query, "from", from);
            put(query, "to", to);
            query.put("limit", String.valueOf(limit));
            print(this, api, path, query);
        }

        private static void put(Map<String, String> query, String name, @Nullable String value) {
            if (value != null) {
                query.put(name, value);
            }
        }
    }

    private static void print(Looking command, KluisApi api, String path, Map<String, String> query) {
        String text = query.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        var answer = api.get(path + "/audit?" + text);
        var lines = new ArrayList<JsonNode>();
        answer.path("value").forEach(lines::add);
        command.output.list(
                command.terminal, lines, line -> line.path("correlationId").asText(), COLUMNS);
    }
}
