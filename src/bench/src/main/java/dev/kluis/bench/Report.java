package dev.kluis.bench;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What was measured by topic, for programs and for people. A topic that was not run keeps what it had. */
final class Report {

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /**
     * What a topic is called and what its numbers mean.
     *
     * @param about a paragraph of Markdown
     */
    record Section(String topic, String title, String about) {}

    private record Measured(String on, List<Result> results) {}

    private final Path root;
    private final Path json;
    private final Path page;
    private final Effort effort;
    private final List<Section> sections;
    private final Map<String, Measured> measured = new LinkedHashMap<>();
    private List<Result> results = new ArrayList<>();

    /** @param root the checkout */
    Report(Path root, Effort effort, List<Section> sections) throws IOException {
        this.root = root;
        this.json = root.resolve("target/bench/results.json");
        this.page = root.resolve("docs/reference/benchmarks.md");
        this.effort = effort;
        this.sections = sections;
        // Before there were topics it was a list, of which nothing is kept.
        if (Files.exists(json) && JSON.readTree(json.toFile()).isObject()) {
            measured.putAll(JSON.readValue(json.toFile(), new TypeReference<Map<String, Measured>>() {}));
        }
    }

    /** The checkout. */
    Path root() {
        return root;
    }

    Effort effort() {
        return effort;
    }

    /** Begins a topic, in whose place nothing of before stays. */
    void begin(String topic) {
        System.out.println(topic);
        results = new ArrayList<>();
        measured.put(topic, new Measured(LocalDate.now(ZoneOffset.UTC).toString(), results));
    }

    void add(Result result) {
        results.add(result);
        System.out.println("  " + row(result));
    }

    /** Says how far it is. */
    void progress(String text) {
        System.out.println("  " + text);
    }

    private static String row(Result result) {
        return String.format(
                Locale.ROOT,
                "| %s | %s | %s | %s | %s | %d |",
                result.name(),
                number(result.value()),
                number(result.p50()),
                number(result.p99()),
                result.unit(),
                result.n());
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value >= 1000 ? "%,.0f" : value >= 1 ? "%.2f" : "%.4f", value);
    }

    /** Writes both, unless little was done. */
    void write() throws IOException {
        if (effort == Effort.LITTLE) {
            return;
        }
        Files.createDirectories(json.getParent());
        JSON.writeValue(json.toFile(), measured);
        var text = new StringBuilder("""
                # Benchmarks

                Written by `make bench` on a machine with %d cores (%s). Everything runs on them: the cluster, Kluis and what
                measures it. `deploy/bench TOPIC...` measures some of it anew: %s.
                """.formatted(
                        Runtime.getRuntime().availableProcessors(),
                        cpu(),
                        String.join(", ", sections.stream().map(Section::topic).toList())));
        String before = Files.exists(page) ? Files.readString(page) : "";
        for (var section : sections) {
            var of = measured.get(section.topic());
            text.append(of == null ? kept(before, section) : page(section, of));
        }
        Files.writeString(page, text);
    }

    private static String page(Section section, Measured of) {
        var text = new StringBuilder(heading(section));
        text.append("\n%s\nMeasured on %s.\n\n".formatted(section.about(), of.on()));
        text.append("| what | value | p50 | p99 | unit | n |\n|---|---:|---:|---:|---|---:|\n");
        of.results().forEach(result -> text.append(row(result)).append('\n'));
        return text.toString();
    }

    private static String heading(Section section) {
        return "\n## " + section.title() + "\n";
    }

    /** What the page has of a topic that was measured in another checkout. */
    private static String kept(String page, Section section) {
        int begin = page.indexOf(heading(section));
        if (begin < 0) {
            return "";
        }
        int end = page.indexOf("\n## ", begin + 1);
        return page.substring(begin, end < 0 ? page.length() : end);
    }

    private static String cpu() throws IOException {
        return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 2))
                .findFirst()
                .orElse("unknown");
    }
}
