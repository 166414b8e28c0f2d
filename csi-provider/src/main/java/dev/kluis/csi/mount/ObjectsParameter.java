package dev.kluis.csi.mount;

import static dev.kluis.csi.mount.InvalidMountException.require;

import dev.kluis.csi.mount.RequestedObject.Encoding;
import dev.kluis.csi.mount.RequestedObject.Kind;
import dev.kluis.csi.mount.RequestedObject.Reference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * The parameter {@code objects} of a SecretProviderClass, in the grammar of Azure's provider: {@code array:} with a list
 * of strings that are YAML maps themselves; a plain list of maps is taken too. Every value is text as written, so that
 * {@code 0440} and {@code 5f00e1} stay what they are. Its author may be an attacker: it is at most 256 KiB with at most
 * {@value #MOST_OBJECTS} objects, nothing in it refers to anything else (no aliases, no types), and what is not known is
 * refused.
 */
final class ObjectsParameter {

    static final int MOST_OBJECTS = 256;

    private static final int LIMIT = 256 * 1024;
    private static final int DEPTH = 8;
    private static final int STANDARD_MODE = 0644;
    private static final Pattern NAME = Pattern.compile("[0-9a-zA-Z-]{1,127}");
    private static final Pattern VERSION = Pattern.compile("[0-9a-f]{32}");
    private static final Pattern MODE = Pattern.compile("0?[0-7]{1,3}");
    private static final Set<String> FIELDS = Set.of(
            "objectName",
            "objectType",
            "objectAlias",
            "objectVersion",
            "objectVersionHistory",
            "objectFormat",
            "objectEncoding",
            "filePermission");

    private ObjectsParameter() {}

    /** @throws InvalidMountException with what is wrong and what is legal */
    static List<RequestedObject> parse(String text) {
        require(text.length() <= LIMIT, "the parameter 'objects' is longer than " + LIMIT + " characters");
        var items = items(load(text, "the parameter 'objects'"));
        require(!items.isEmpty(), "the parameter 'objects' names no object: a mount needs at least one");
        require(items.size() <= MOST_OBJECTS, "the parameter 'objects' names more than " + MOST_OBJECTS + " objects");
        List<RequestedObject> objects = new ArrayList<>();
        for (Object item : items) {
            String which = "object " + (objects.size() + 1) + " of the parameter 'objects'";
            objects.add(object(fields(item instanceof String yaml ? load(yaml, which) : item, which), which));
        }
        FilePath.requireApart(objects.stream().map(RequestedObject::path).toList());
        return List.copyOf(objects);
    }

    private static List<?> items(Object root) {
        Object list =
                root instanceof Map<?, ?> map && map.size() == 1 && map.containsKey("array") ? map.get("array") : root;
        return switch (list) {
            case List<?> items -> items;
            // An empty text, or 'array:' with nothing below it.
            case String nothing when nothing.isEmpty() -> List.of();
            default ->
                throw new InvalidMountException(
                        "the parameter 'objects' has to be a list, or a map with the one entry 'array'");
        };
    }

    private static Map<String, String> fields(Object item, String which) {
        if (!(item instanceof Map<?, ?> map)) {
            throw new InvalidMountException(which + " has to be a map with the entry objectName");
        }
        Map<String, String> fields = new LinkedHashMap<>();
        map.forEach((name, value) -> {
            require(
                    name instanceof String known && FIELDS.contains(known),
                    which + " has the unknown entry '" + FilePath.shown(String.valueOf(name)) + "'");
            require(value instanceof String, which + ": " + name + " has to be text");
            fields.put((String) name, ((String) value).strip());
        });
        return fields;
    }

    private static RequestedObject object(Map<String, String> fields, String which) {
        String name = fields.getOrDefault("objectName", "");
        require(
                NAME.matcher(name).matches(),
                which + ": objectName has to be 1 to 127 letters, digits and hyphens, not '" + FilePath.shown(name)
                        + "'");
        var kind = Kind.of(fields.getOrDefault("objectType", ""), name);
        String version = fields.getOrDefault("objectVersion", "");
        boolean current = version.isEmpty() || version.equals("latest");
        require(
                current || VERSION.matcher(version).matches(),
                "objectVersion of '" + name + "' has to be 32 lower-case hex characters, 'latest' or empty");
        String format = fields.getOrDefault("objectFormat", "pem");
        require(
                format.isEmpty() || format.equals("pem"),
                "objectFormat of '" + name + "' is for certificates and can only be 'pem' for a secret or a key");
        String history = fields.getOrDefault("objectVersionHistory", "");
        require(
                Set.of("", "0", "1").contains(history),
                "objectVersionHistory of '" + name + "' can be 1 at most in this version");
        String alias = fields.getOrDefault("objectAlias", "");
        return new RequestedObject(
                new Reference(kind, name, current ? "" : version),
                new FilePath(alias.isEmpty() ? name : alias),
                mode(fields.getOrDefault("filePermission", ""), name),
                encoding(fields.getOrDefault("objectEncoding", ""), kind, name));
    }

    private static Encoding encoding(String text, Kind kind, String name) {
        var encoding = text.isEmpty() ? Encoding.UTF_8 : Encoding.of(text);
        require(
                kind == Kind.SECRET || encoding == Encoding.UTF_8,
                "objectEncoding of '" + name + "' is for secrets: the public part of a key is PEM text as it is");
        return encoding;
    }

    private static int mode(String text, String name) {
        if (text.isEmpty()) {
            return STANDARD_MODE;
        }
        require(
                MODE.matcher(text).matches(),
                "filePermission of '" + name + "' has to be octal, from 0000 to 0777, such as \"0440\"");
        return Integer.parseInt(text, 8);
    }

    private static Object load(String yaml, String which) {
        var options = new LoaderOptions();
        options.setCodePointLimit(LIMIT);
        options.setNestingDepthLimit(DEPTH);
        options.setMaxAliasesForCollections(0);
        options.setAllowRecursiveKeys(false);
        options.setAllowDuplicateKeys(false);
        var dumping = new DumperOptions();
        try {
            Object loaded = new Yaml(
                            new SafeConstructor(options), new Representer(dumping), dumping, options, new AllText())
                    .load(yaml);
            return loaded == null ? "" : loaded;
        } catch (YAMLException | ClassCastException | IllegalArgumentException e) {
            // Its text quotes what was given, at any length.
            throw new InvalidMountException(which + " is not YAML that can be read");
        }
    }

    /** Takes every scalar for text. */
    private static final class AllText extends Resolver {
        @Override
        protected void addImplicitResolvers() {
            // None: not even null, so that 'array:' is an empty text.
        }
    }
}
