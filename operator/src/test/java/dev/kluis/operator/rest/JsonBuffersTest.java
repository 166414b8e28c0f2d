package dev.kluis.operator.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.util.BufferRecycler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringReader;
import org.junit.jupiter.api.Test;

class JsonBuffersTest {

    private static final String SECRET = "canary-value-\\u0041".repeat(100);

    private final JsonBuffers buffers = new JsonBuffers();
    private final JsonFactory json =
            new JsonFactoryBuilder().recyclerPool(buffers).build();

    @Test
    void nothing_that_was_written_stays_in_a_buffer() throws IOException {
        byte[] value = SECRET.getBytes(UTF_8);
        var out = new ByteArrayOutputStream();
        try (var generator = json.createGenerator(out)) {
            generator.writeUTF8String(value, 0, value.length);
            generator.flush();
        }

        assertThat(out.toString(UTF_8)).contains("canary-value");
        assertThat(buffers.pooledCount()).isEqualTo(1);
        var again = buffers.acquirePooled();
        assertThat(again.allocByteBuffer(BufferRecycler.BYTE_WRITE_ENCODING_BUFFER))
                .containsOnly(0);
    }

    @Test
    void nothing_that_was_read_stays_in_a_buffer() throws IOException {
        try (var parser = json.createParser(new StringReader("\"" + SECRET + "\""))) {
            parser.nextToken();
            assertThat(parser.getText()).contains("canary-value");
        }

        assertThat(buffers.pooledCount()).isEqualTo(1);
        var again = buffers.acquirePooled();
        assertThat(again.allocCharBuffer(BufferRecycler.CHAR_TOKEN_BUFFER)).containsOnly('\0');
        assertThat(again.allocCharBuffer(BufferRecycler.CHAR_TEXT_BUFFER)).containsOnly('\0');
    }

    @Test
    void large_buffers_are_not_kept() throws IOException {
        try (var parser = json.createParser(new StringReader("\"" + "\\u0041".repeat(40_000) + "\""))) {
            parser.nextToken();
            assertThat(parser.getText()).hasSize(40_000);
        }

        assertThat(buffers.acquirePooled().allocCharBuffer(BufferRecycler.CHAR_TEXT_BUFFER))
                .hasSizeLessThanOrEqualTo(16 * 1024);
    }
}
