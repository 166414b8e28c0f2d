package dev.kluis.crypto.key;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/** Everything that does an algorithm, chosen or not: what one makes the others have to take. */
@SuppressWarnings("ImmutableEnumChecker")
enum Implementations {
    /** Amazon's native library, which has to load where the tests run on Linux x86-64. */
    NATIVE(Choice.withNative(Random.DRAWN, AmazonCorrettoCryptoProvider.INSTANCE)),
    /** What is used where the native library does not load. */
    WITHOUT_NATIVE(Choice.withoutNative(Random.DRAWN, "the test wants it so")),
    /** Those that are measured and not chosen: ECDSA of all curves by BouncyCastle, Ed25519 by the JDK, RSA by BouncyCastle. */
    OTHERS(others());

    private final Primitives primitives;

    Implementations(Choice choice) {
        this.primitives = new Primitives(choice, Random.DRAWN);
    }

    Primitives primitives() {
        return primitives;
    }

    /** Before the constants. */
    private static final class Random {
        private static final SecureRandom DRAWN = new SecureRandom();
    }

    private static Choice others() {
        var bouncy = new BouncyCastleProvider();
        bouncy.put("Alg.Alias.Cipher.AES/KW/NoPadding", "AESWRAP");
        bouncy.put("Alg.Alias.Cipher.AES/KWP/NoPadding", "AESWRAPPAD");
        return new Choice(
                new JcaRsa(bouncy, bouncy, Random.DRAWN),
                new BouncyEcdsa(),
                new BouncyEcdsa(),
                new JcaEd25519(Choice.jdk("SunEC"), Choice.jdk("SunEC")),
                new BouncyMlDsa(Random.DRAWN),
                bouncy,
                List.of("those that are not chosen"));
    }

    private static final Map<KeySpec, KeyMaterial> KEYS = new LinkedHashMap<>();

    /** A key of this kind, made once for all tests. */
    static synchronized KeyMaterial key(KeySpec spec) {
        return KEYS.computeIfAbsent(spec, NATIVE.primitives::generate);
    }

    /** The algorithms by which a key of this kind does this; at least one where the kind does it at all. */
    static List<Algorithm> algorithms(KeySpec spec, KeyOperation operation) {
        return Stream.of(Algorithm.values())
                .filter(one -> one.fits(spec) && one.operations().contains(operation))
                .toList();
    }

    /** The key of this kind that the corpora of fuzzing were made with, or one to make them with. */
    static KeyMaterial fixed(KeySpec spec) {
        try {
            if (spec instanceof KeySpec.Oct oct) {
                return StoredKey.ofOct(new byte[oct.bytes()]);
            }
            var file = Path.of("src/test/resources/fuzz/stored-key/good-" + spec.text());
            return Files.exists(file) ? StoredKey.readPkcs8(Files.readAllBytes(file), Random.DRAWN) : key(spec);
        } catch (IOException | KeyRefusedException e) {
            throw new AssertionError(spec.text(), e);
        }
    }
}
