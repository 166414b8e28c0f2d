package dev.kluis.crypto.key;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
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

    /** All pairs of a maker and a taker. */
    static Stream<List<Implementations>> pairs() {
        return Stream.of(values()).flatMap(one -> Stream.of(values()).map(other -> List.of(one, other)));
    }
}
