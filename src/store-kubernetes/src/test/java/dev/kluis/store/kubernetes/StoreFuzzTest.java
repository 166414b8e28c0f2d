package dev.kluis.store.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kluis.crds.store.Content;
import dev.kluis.crds.store.StoreRecord;
import dev.kluis.fuzz.Fuzz;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.store.Store;
import java.io.IOException;
import java.util.Base64;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Resources that somebody else wrote to the store, past what its definitions allow. */
@Tag("fuzz")
class StoreFuzzTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectId ID = ObjectId.secret(new VaultId("payments", "payments"), "db-password");
    private static final String BASE64 = Base64.getEncoder().encodeToString("sealed bytes".getBytes(UTF_8));

    private static String record(ObjectId id) {
        return """
                {"apiVersion":"store.kluis.dev/v1","kind":"Record",\
                "metadata":{"name":"%s","resourceVersion":"7"},\
                "spec":{"object":"%s","header":"%s","sealed":"%s"}}""".formatted(ResourceNames.record(id), id, BASE64, BASE64);
    }

    @Test
    void a_record_is_taken_as_bytes_or_as_none() {
        Fuzz.of("store-record")
                .good("secret", record(ID))
                .good("vault", record(ObjectId.vault(ID.vault())))
                .good("checkpoint", record(ObjectId.checkpoint(ID.vault())))
                .words("\"spec\":null", "null", "\"object\":null", "\"header\":null", "{}", "/secrets/", "=", "\"", "A")
                .refusing(IOException.class)
                .run(input -> {
                    var resource = JSON.readValue(input, StoreRecord.class);
                    if (resource != null && resource.getMetadata() != null) {
                        RecordWatch.named(resource)
                                .ifPresent(id -> assertThat(ResourceNames.record(id))
                                        .isEqualTo(resource.getMetadata().getName()));
                        var bytes = KubernetesStore.decode(ID, resource).bytes();
                        assertThat(bytes.header().length + bytes.sealed().length)
                                .isLessThanOrEqualTo(Store.RECORD_LIMIT);
                    }
                });
    }

    @Test
    void a_content_is_taken_as_bytes_or_as_none() {
        Fuzz.of("store-content")
                .good("content", """
                        {"apiVersion":"store.kluis.dev/v1","kind":"Content","metadata":{"name":"content-1"},\
                        "spec":{"sealed":"%s"}}""".formatted(BASE64))
                .words("\"spec\":null", "null", "\"sealed\":null", "{}", "=", "\"", "A")
                .refusing(IOException.class)
                .run(input -> {
                    var resource = JSON.readValue(input, Content.class);
                    if (resource != null) {
                        assertThat(KubernetesStore.decode(resource)).hasSizeLessThan(input.length);
                    }
                });
    }
}
