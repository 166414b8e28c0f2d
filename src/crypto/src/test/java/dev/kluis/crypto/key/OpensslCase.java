package dev.kluis.crypto.key;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;

/**
 * The command {@code openssl}, 3.0 or newer, which takes what is made here and makes what is taken here. What it has no
 * way to do with a digest, a tag or a key of ours is in the name of a test.
 */
abstract class OpensslCase {

    static final SecureRandom RANDOM = new SecureRandom();
    static final HexFormat HEX = HexFormat.of();

    @TempDir
    Path folder;

    static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    Path file(String name, byte[] contents) throws IOException {
        return Files.write(folder.resolve(name), contents);
    }

    /** Whether it ended well; else what it said is printed. */
    boolean openssl(Object... arguments) throws Exception {
        var command = new ArrayList<String>(List.of("openssl"));
        Stream.of(arguments).map(String::valueOf).forEach(command::add);
        var process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        boolean well = process.waitFor() == 0;
        if (!well) {
            System.out.println(command + ": " + said);
        }
        return well;
    }

    /** Whether the file "signature" was made over that one with the private key of this kind. */
    boolean verifies(KeySpec spec, String over, Object... options) throws Exception {
        var command = List.<Object>of(
                "pkeyutl", "-verify", "-pubin", "-inkey", publicKey(spec), "-in", over, "-sigfile", "signature");
        return openssl(and(command, options));
    }

    /**
     * Does something with the private key of this kind; {@link #output} has what came of it.
     *
     * @param what {@code -sign} or {@code -decrypt}
     */
    boolean byPrivateKey(String what, KeySpec spec, String in, Object... options) throws Exception {
        var command = List.<Object>of(
                "pkeyutl", what, "-keyform", "DER", "-inkey", privateKey(spec), "-in", in, "-out", "out");
        return openssl(and(command, options));
    }

    byte[] output() throws IOException {
        return Files.readAllBytes(folder.resolve("out"));
    }

    Path privateKey(KeySpec spec) throws IOException {
        return file("key.der", Implementations.key(spec).reveal());
    }

    Path publicKey(KeySpec spec) throws IOException {
        return file("key.pem", Implementations.key(spec).requirePublic().pem().getBytes(UTF_8));
    }

    static Object[] and(List<Object> options, Object... more) {
        return Stream.concat(options.stream(), Stream.of(more)).toArray();
    }

    static Object[] with(List<String> options, Object... arguments) {
        return Stream.concat(Stream.of(arguments), options.stream().flatMap(one -> Stream.of("-pkeyopt", one)))
                .toArray();
    }
}
