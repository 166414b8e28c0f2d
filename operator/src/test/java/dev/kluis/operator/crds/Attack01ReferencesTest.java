package dev.kluis.operator.crds;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Attack test 1: a reference into another namespace needs the owner's grant there. The one field that has such a grant is
 * {@code vaultRef.namespace}, by the Vault's {@code sharing}; so no other reference of any kind may have a namespace at all.
 */
class Attack01ReferencesTest {

    private static final Path DEFINITIONS = Path.of("../crds/src/main/resources/crds");

    /** Where a namespace is not a reference's: whom access is given to, and whom a vault is shared with. */
    private static final List<String> GIVEN_TO =
            List.of("AccessAssignment.spec.subjects[].namespace", "Vault.spec.accessPolicies[].subjects[].namespace");

    @Test
    void attack_01_no_reference_but_vaultRef_names_a_namespace_in_any_definition() {
        var found = new ArrayList<String>();
        var references = new ArrayList<String>();
        for (var definition : definitions()) {
            for (var version : definition.getSpec().getVersions()) {
                walk(
                        definition.getSpec().getNames().getKind(),
                        version.getSchema().getOpenAPIV3Schema(),
                        references,
                        found);
            }
        }
        assertThat(references).contains("VaultSecret.spec.vaultRef", "VaultSecret.spec.source.secretKeyRef");
        assertThat(found)
                .allSatisfy(path -> assertThat(path)
                        .as("a reference that names a namespace, without a grant by its owner")
                        .satisfiesAnyOf(
                                one -> assertThat(one).endsWith(".spec.vaultRef.namespace"),
                                one -> assertThat(GIVEN_TO).contains(one)));
    }

    @Test
    void attack_01_a_reference_is_written_as_an_object_so_that_no_name_can_hold_a_namespace() {
        var references = new ArrayList<String>();
        for (var definition : definitions()) {
            for (var version : definition.getSpec().getVersions()) {
                texts(
                        definition.getSpec().getNames().getKind(),
                        version.getSchema().getOpenAPIV3Schema(),
                        references);
            }
        }
        assertThat(references).isEmpty();
    }

    /** Collects the paths of references, and those of all fields that name a namespace by whatever word. */
    private static void walk(String path, JSONSchemaProps schema, List<String> references, List<String> namespaces) {
        children(path, schema).forEach((child, props) -> {
            String field = child.substring(child.lastIndexOf('.') + 1).replace("[]", "");
            if (field.endsWith("Ref") || field.endsWith("Refs")) {
                references.add(child);
            }
            if (field.toLowerCase(Locale.ROOT).endsWith("namespace") && child.contains(".spec.")) {
                namespaces.add(child);
            }
            walk(child, props, references, namespaces);
        });
    }

    private static void texts(String path, JSONSchemaProps schema, List<String> references) {
        children(path, schema).forEach((child, props) -> {
            if ((child.endsWith("Ref") || child.endsWith("Refs[]")) && !"object".equals(props.getType())) {
                references.add(child);
            }
            texts(child, props, references);
        });
    }

    private static Map<String, JSONSchemaProps> children(String path, JSONSchemaProps schema) {
        var children = new java.util.TreeMap<String, JSONSchemaProps>();
        if (schema.getProperties() != null) {
            schema.getProperties().forEach((name, props) -> children.put(path + "." + name, props));
        }
        if (schema.getItems() != null && schema.getItems().getSchema() != null) {
            children.put(path + "[]", schema.getItems().getSchema());
        }
        if (schema.getAdditionalProperties() != null
                && schema.getAdditionalProperties().getSchema() != null) {
            children.put(path + "{}", schema.getAdditionalProperties().getSchema());
        }
        return children;
    }

    private static List<CustomResourceDefinition> definitions() {
        try (var files = Files.list(DEFINITIONS)) {
            return files.sorted()
                    .map(file -> new KubernetesSerialization().unmarshal(text(file), CustomResourceDefinition.class))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
