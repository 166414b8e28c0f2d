package dev.kluis.crypto.key;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kluis.crypto.SecretAccess;
import dev.kluis.crypto.SecretBytes;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.Security;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PrimitivesTest {

    private static final SecureRandom RANDOM = new SecureRandom();

    @Test
    void the_native_library_is_chosen_where_it_loads_and_is_not_registered() {
        var described = Primitives.load(RANDOM).describe();
        assertThat(described)
                .anySatisfy(line -> assertThat(line).startsWith("RSA: Amazon Corretto Crypto Provider"))
                .noneSatisfy(line -> assertThat(line).contains("not used"));
        assertThat(Security.getProviders())
                .extracting(Object::getClass)
                .extracting(Class::getName)
                .noneMatch(name -> name.contains("amazon") || name.contains("bouncycastle"));
    }

    /** In a process of its own, since a library is loaded once: its temporary folder cannot be written. */
    @Test
    void without_its_temporary_folder_the_native_library_is_not_used_and_everything_works() throws Exception {
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djava.io.tmpdir=/proc/none",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Described.class.getName())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        assertThat(said)
                .contains("Amazon Corretto Crypto Provider: not used, it does not load here")
                .contains("RSA: JDK")
                .contains("signed by RS256, ES256, EdDSA");
    }

    /** The main class of that process. */
    static final class Described {

        private Described() {}

        public static void main(String[] arguments) throws KeyRefusedException {
            var primitives = Primitives.load(RANDOM);
            primitives.describe().forEach(System.out::println);
            var signed = new ArrayList<String>();
            for (var spec : List.of(new KeySpec.Rsa(2048), new KeySpec.Ec(EcCurve.P256), new KeySpec.Okp())) {
                var algorithm = spec instanceof KeySpec.Rsa
                        ? Algorithm.RS256
                        : spec instanceof KeySpec.Ec ? Algorithm.ES256 : Algorithm.EDDSA;
                try (var material = primitives.generate(spec);
                        var key = primitives.open(material)) {
                    byte[] digest = new byte[32];
                    if (key.verify(algorithm, digest, key.sign(algorithm, digest))) {
                        signed.add(algorithm.jose());
                    }
                }
            }
            System.out.println("signed by " + String.join(", ", signed));
        }
    }

    @Test
    void random_bytes_are_as_many_as_are_asked_for() {
        var primitives = Implementations.NATIVE.primitives();
        try (var one = primitives.randomBytes(128);
                var other = primitives.randomBytes(128)) {
            assertThat(one.length()).isEqualTo(128);
            assertThat(one).isNotEqualTo(other);
        }
        for (int count : new int[] {0, -1, Primitives.MAX_RANDOM + 1}) {
            assertThatThrownBy(() -> primitives.randomBytes(count)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    /** A key closed under its operations must not encrypt with zeros: what was encrypted decrypts with the key. */
    @ParameterizedTest
    @EnumSource
    void a_key_is_used_by_many_at_once_and_closed_among_them(Implementations by) throws Exception {
        var spec = new KeySpec.Oct(256);
        var plaintext = SecretBytes.owning(new byte[1000]);
        try (var check = by.primitives().open(Implementations.key(spec));
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int round = 0; round < 10; round++) {
                var key = by.primitives().open(Implementations.key(spec));
                var made = new ArrayList<Callable<List<Ciphertext>>>();
                for (int i = 0; i < 8; i++) {
                    made.add(() -> {
                        var all = new ArrayList<Ciphertext>();
                        try {
                            while (all.size() < 200) {
                                all.add(key.encrypt(Algorithm.A256GCM, plaintext, null, null));
                            }
                        } catch (IllegalStateException e) {
                            assertThat(e).hasMessage("the key was closed");
                        }
                        return all;
                    });
                }
                made.add(() -> {
                    key.encrypt(Algorithm.A256GCM, plaintext, null, null);
                    key.close();
                    return List.of();
                });
                for (var done : threads.invokeAll(made)) {
                    for (var ciphertext : done.get()) {
                        check.decrypt(Algorithm.A256GCM, ciphertext, null).close();
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void many_sign_with_one_key_at_once(Implementations by) throws Exception {
        for (var spec : List.of(new KeySpec.Rsa(2048), new KeySpec.Ec(EcCurve.P256), new KeySpec.Okp())) {
            var algorithm = Stream.of(Algorithm.PS256, Algorithm.ES256, Algorithm.EDDSA)
                    .filter(one -> one.fits(spec))
                    .findFirst()
                    .orElseThrow();
            try (var key = by.primitives().open(Implementations.key(spec));
                    var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var tasks = Stream.generate(() -> (Callable<Boolean>) () -> {
                            byte[] digest = new byte[32];
                            RANDOM.nextBytes(digest);
                            return key.verify(algorithm, digest, key.sign(algorithm, digest));
                        })
                        .limit(100)
                        .toList();
                for (var done : threads.invokeAll(tasks)) {
                    assertThat(done.get()).isTrue();
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_signature_with_numbers_out_of_range_does_not_verify(Implementations by) throws Exception {
        for (var curve : EcCurve.values()) {
            var spec = new KeySpec.Ec(curve);
            var algorithm = Implementations.algorithms(spec, KeyOperation.SIGN).getFirst();
            var order = EcNumbers.domain(curve).getN();
            byte[] digest = new byte[algorithm.digest()];
            try (var key = by.primitives().open(Implementations.key(spec))) {
                byte[] good = key.sign(algorithm, digest);
                var r = new BigInteger(1, Arrays.copyOf(good, curve.bytes()));
                var s = new BigInteger(1, Arrays.copyOfRange(good, curve.bytes(), good.length));
                assertThat(key.verify(algorithm, digest, JcaEcdsa.EcdsaForm.sides(r, s, curve.bytes())))
                        .isTrue();
                var edges = List.of(BigInteger.ZERO, BigInteger.ONE, order, order.subtract(BigInteger.ONE));
                for (var one : edges) {
                    for (var other : edges) {
                        assertThat(key.verify(algorithm, digest, JcaEcdsa.EcdsaForm.sides(one, other, curve.bytes())))
                                .isFalse();
                    }
                    assertThat(key.verify(algorithm, digest, JcaEcdsa.EcdsaForm.sides(r, one, curve.bytes())))
                            .isFalse();
                    assertThat(key.verify(algorithm, digest, JcaEcdsa.EcdsaForm.sides(one, s, curve.bytes())))
                            .isFalse();
                }
            }
        }
    }

    /** Of two questions with equal answers nobody learns which of them had a padding that was right. */
    @ParameterizedTest
    @EnumSource
    void a_broken_padding_of_pkcs1_decrypts_to_the_same_bytes_each_time(Implementations by) throws Exception {
        try (var key = by.primitives().open(Implementations.key(new KeySpec.Rsa(2048)))) {
            byte[] ciphertext = new byte[256];
            RANDOM.nextBytes(ciphertext);
            ciphertext[0] = 0;
            var first = key.decrypt(Algorithm.RSA1_5, Ciphertext.of(ciphertext), null);
            assertThat(key.decrypt(Algorithm.RSA1_5, Ciphertext.of(ciphertext), null))
                    .isEqualTo(first);
            assertThat(first.reveal(SecretAccess.GRANTED)).hasSizeLessThan(247);
            ciphertext[255] ^= 1;
            assertThat(key.decrypt(Algorithm.RSA1_5, Ciphertext.of(ciphertext), null))
                    .isNotEqualTo(first);
        }
    }
}
