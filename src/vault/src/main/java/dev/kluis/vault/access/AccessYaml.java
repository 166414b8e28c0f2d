package dev.kluis.vault.access;

import dev.kluis.vault.VaultId;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Resources of access as YAML for people to apply. All text is written as YAML's double-quoted scalars. */
final class AccessYaml {

    /** Of a resource. */
    private static final int NAME_LIMIT = 63;

    private AccessYaml() {}

    static String assignment(Assignment assignment, String name, String role) {
        var yaml = head("AccessAssignment", assignment.vault().namespace(), name)
                .append("  vaultRef: {name: ")
                .append(quote(assignment.vault().name()))
                .append("}\n  role: ")
                .append(quote(role))
                .append("\n  subjects:\n");
        assignment
                .subjects()
                .forEach(subject -> yaml.append("    - ")
                        .append(subject(subject, assignment.vault()))
                        .append('\n'));
        if (assignment.scope() instanceof Scope.Objects objects) {
            yaml.append("  scope:\n");
            objects.collections().entrySet().stream()
                    .sorted(java.util.Map.Entry.comparingByKey())
                    .forEach(one -> {
                        names(yaml, one.getKey(), one.getValue().names());
                        names(
                                yaml,
                                singular(one.getKey()) + "Prefixes",
                                one.getValue().prefixes());
                    });
        }
        assignment
                .expires()
                .ifPresent(end ->
                        yaml.append("  expires: ").append(quote(end.toString())).append('\n'));
        return yaml.toString();
    }

    static String role(String namespace, String name, Set<Action> actions) {
        var yaml = head("VaultRole", namespace, name).append("  dataActions:\n");
        actions.stream()
                .sorted()
                .forEach(action ->
                        yaml.append("    - ").append(quote(action.id())).append('\n'));
        return yaml.toString();
    }

    /** What a text is as the name of a resource: 1 to 63 of {@code [a-z0-9-]}. */
    static String resourceName(String text) {
        String legal = text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        String tail = legal.substring(Math.max(0, legal.length() - NAME_LIMIT));
        return tail.replaceAll("^-+|-+$", "");
    }

    private static StringBuilder head(String kind, String namespace, String name) {
        return new StringBuilder("---\napiVersion: kluis.dev/v1alpha1\nkind: ")
                .append(kind)
                .append("\nmetadata: {namespace: ")
                .append(quote(namespace))
                .append(", name: ")
                .append(quote(name))
                .append("}\nspec:\n");
    }

    private static String subject(Subject subject, VaultId vault) {
        String namespace = subject instanceof Subject.ServiceAccount account
                        && !account.namespace().equals(vault.namespace())
                ? ", namespace: " + quote(account.namespace())
                : "";
        return "{kind: " + subject.kind() + ", name: " + quote(subject.name()) + namespace + "}";
    }

    private static void names(StringBuilder yaml, String field, Collection<String> names) {
        if (!names.isEmpty()) {
            List<String> sorted = names.stream().sorted().map(AccessYaml::quote).toList();
            yaml.append("    ")
                    .append(field)
                    .append(": [")
                    .append(String.join(", ", sorted))
                    .append("]\n");
        }
    }

    private static String singular(String collection) {
        return collection.substring(0, collection.length() - 1);
    }

    /** A subject's name is whatever somebody wrote: nothing in it may end the scalar or look like another line. */
    private static String quote(String text) {
        return text.codePoints()
                .mapToObj(c -> switch (c) {
                    case '"' -> "\\\"";
                    case '\\' -> "\\\\";
                    default ->
                        c >= 0x20 && c < 0x7f
                                ? Character.toString(c)
                                : c <= 0xffff ? String.format("\\u%04X", c) : String.format("\\U%08X", c);
                })
                .collect(Collectors.joining("", "\"", "\""));
    }
}
