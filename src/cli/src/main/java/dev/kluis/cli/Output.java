package dev.kluis.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a command prints what it found. A command that prints has it as a mixin. */
final class Output {

    /** The forms. */
    enum Form {
        /** For people: columns under headings. */
        table,
        json,
        yaml,
        /** Names only, one a line, for scripts. */
        name
    }

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORM",
            description = "How it is printed: ${COMPLETION-CANDIDATES}.")
    private @Nullable Form form;

    /** A column of a table. */
    record Column(String heading, Function<JsonNode, String> cell) {}

    /** The form asked for, if any. */
    @Nullable
    Form form() {
        return form;
    }

    /** Prints one thing. */
    void one(Terminal terminal, JsonNode thing, Function<JsonNode, String> name, List<Column> columns) {
        if (form == Form.json || form == Form.yaml) {
            tree(terminal, thing);
        } else {
            list(terminal, List.of(thing), name, columns);
        }
    }

    /** Prints things; as JSON and YAML, an array. */
    void list(Terminal terminal, List<JsonNode> things, Function<JsonNode, String> name, List<Column> columns) {
        switch (form == null ? Form.table : form) {
            case json, yaml -> {
                var array = new ObjectMapper().createArrayNode();
                array.addAll(things);
                tree(terminal, array);
            }
            case name -> things.forEach(thing -> terminal.out().println(name.apply(thing)));
            case table -> table(terminal, things, columns);
        }
    }

    private void tree(Terminal terminal, JsonNode tree) {
        try {
            if (form == Form.yaml) {
                var mapper = YAMLMapper.builder()
                        .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                        .build();
                terminal.out().print(mapper.writeValueAsString(tree));
            } else {
                var mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
                terminal.out().println(mapper.writeValueAsString(tree));
            }
            terminal.out().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void table(Terminal terminal, List<JsonNode> things, List<Column> columns) {
        var rows = things.stream()
                .map(thing -> columns.stream()
                        .map(column -> printable(column.cell().apply(thing)))
                        .toList())
                .toList();
        int[] widths = new int[columns.size()];
        for (int i = 0; i < widths.length; i++) {
            int at = i;
            widths[i] = Math.max(
                    columns.get(i).heading().length(),
                    rows.stream().mapToInt(row -> row.get(at).length()).max().orElse(0));
        }
        line(terminal, columns.stream().map(Column::heading).toList(), widths);
        rows.forEach(row -> line(terminal, row, widths));
    }

    private static void line(Terminal terminal, List<String> cells, int[] widths) {
        var line = new StringBuilder();
        for (int i = 0; i < cells.size(); i++) {
            line.append(cells.get(i));
            line.append(" ".repeat(widths[i] - cells.get(i).length() + 3));
        }
        terminal.out().println(line.toString().stripTrailing());
    }

    /** What others wrote moves no cursor. */
    private static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }
}
