package dev.kluis.operator.rest;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The segments that a route answers to. */
record PathPattern(List<Part> parts) {

    /** Literals first, so that {@code secrets/{name}/versions} is tried before {@code secrets/{name}/{version?}}. */
    static final Comparator<PathPattern> MOST_LITERAL_FIRST = Comparator.comparing(
            pattern -> String.join("/", pattern.parts.stream().map(Part::order).toList()));

    PathPattern {
        parts = List.copyOf(parts);
    }

    sealed interface Part {
        String order();
    }

    private record Literal(String text) implements Part {
        @Override
        public String order() {
            return text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    private record Parameter(String name, boolean optional) implements Part {
        /** Behind every literal. */
        @Override
        public String order() {
            return optional ? "~~" : "~";
        }

        @Override
        public String toString() {
            return "{" + name + (optional ? "?}" : "}");
        }
    }

    static PathPattern parse(String text) {
        return new PathPattern(
                Arrays.stream(text.split("/")).map(PathPattern::part).toList());
    }

    private static Part part(String text) {
        if (!text.startsWith("{")) {
            return new Literal(text);
        }
        boolean optional = text.endsWith("?}");
        return new Parameter(text.substring(1, text.length() - (optional ? 2 : 1)), optional);
    }

    /** As it was parsed. */
    @Override
    public String toString() {
        return String.join("/", parts.stream().map(Part::toString).toList());
    }

    /** The parameters of a path that fits; those left out or empty are absent. */
    Optional<Map<String, String>> match(List<String> segments) {
        return fits(segments) ? Optional.of(parameters(segments)) : Optional.empty();
    }

    /** Asked of every route for every request, and most often denied. */
    private boolean fits(List<String> segments) {
        boolean lastLeftOut =
                segments.size() == parts.size() - 1 && parts.getLast() instanceof Parameter last && last.optional();
        if (segments.size() != parts.size() && !lastLeftOut) {
            return false;
        }
        for (int i = 0; i < segments.size(); i++) {
            String segment = segments.get(i);
            boolean fits = switch (parts.get(i)) {
                case Literal literal -> literal.text().equals(segment);
                case Parameter parameter -> parameter.optional() || !segment.isEmpty();
            };
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    private Map<String, String> parameters(List<String> segments) {
        var parameters = new HashMap<String, String>();
        for (int i = 0; i < segments.size(); i++) {
            if (parts.get(i) instanceof Parameter parameter && !segments.get(i).isEmpty()) {
                parameters.put(parameter.name(), segments.get(i));
            }
        }
        return parameters;
    }
}
