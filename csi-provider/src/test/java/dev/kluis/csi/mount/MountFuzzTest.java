package dev.kluis.csi.mount;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kluis.csi.Mounts;
import dev.kluis.fuzz.Fuzz;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What pods and authors of a SecretProviderClass send to the process on every node. */
@Tag("fuzz")
class MountFuzzTest {

    private static final String AZURE = """
            array:
              - |
                objectName: db
                objectType: secret
                objectVersion: ""
                objectAlias: config/db
                filePermission: 0440
              - |
                objectName: tls
                objectType: secret
                objectEncoding: base64
            """;
    private static final String LIST = """
            - {objectName: db, objectType: secret, objectAlias: a/b}
            - {objectName: db, objectType: secret, objectVersion: 00112233445566778899aabbccddeeff}
            """;
    private static final String KEYS = """
            - {objectName: signer, objectType: key, objectAlias: signer.pem, objectFormat: pem}
            - {objectName: db, objectType: secret}
            """;
    private static final String[] YAML = {
        "array:",
        "- ",
        "|",
        ">",
        "\n",
        "  ",
        "{",
        "}",
        "[",
        "]",
        "objectName: ",
        "objectType: secret",
        "objectType: key",
        "objectAlias: ",
        "filePermission: ",
        "&a ",
        "*a",
        "!!",
        "!<tag:yaml.org,2002:str>",
        "? ",
        ": ",
        ",",
        "\"",
        "'",
        "..",
        "/",
        "\0",
        "<<: ",
        "#",
        "%YAML 1.1\n",
        "---",
        "...",
        "null",
        "~",
        "1e9",
        "\\u",
        "\t",
        "@",
        "`"
    };

    @Test
    void the_objects_parameter_is_read_or_refused_in_few_words() {
        Fuzz.of("objects-parameter")
                .good("azure", AZURE)
                .good("list", LIST)
                .good("keys", KEYS)
                .words(YAML)
                .refusing(InvalidMountException.class)
                .run(input -> {
                    try {
                        assertThat(ObjectsParameter.parse(new String(input, UTF_8)))
                                .isNotEmpty()
                                .hasSizeLessThanOrEqualTo(ObjectsParameter.MOST_OBJECTS)
                                .allSatisfy(one -> assertThat("/" + one.path().text() + "/")
                                        .doesNotContain("/../", "//", "\0", "\\"));
                    } catch (InvalidMountException e) {
                        assertThat(e.getMessage()).hasSizeLessThan(600);
                        throw e;
                    }
                });
    }

    @Test
    void the_attributes_of_a_mount_are_read_or_refused_in_few_words() {
        Fuzz.of("mount-call")
                .good("list", Mounts.json(Mounts.attributes("api", LIST)))
                .words(
                        "{",
                        "}",
                        "[",
                        "]",
                        "\"",
                        "\\u0000",
                        "\\",
                        ",",
                        ":",
                        "null",
                        "1e999999999",
                        "{\"kluis\":",
                        "e30.")
                .words("csi.storage.k8s.io/", "\"keyvaultNamespace\":\"other\",", "eyJ", "\\\"token\\\":")
                .refusing(InvalidMountException.class)
                .run(input -> {
                    try {
                        var call = MountCall.parse(new String(input, UTF_8));
                        assertThat(call.token()).isNotEmpty();
                    } catch (InvalidMountException e) {
                        assertThat(e.getMessage()).hasSizeLessThan(600);
                        throw e;
                    }
                });
    }
}
