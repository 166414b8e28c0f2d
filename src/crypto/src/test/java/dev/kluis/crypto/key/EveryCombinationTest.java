package dev.kluis.crypto.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import dev.kluis.crypto.SecretAccess;
import dev.kluis.crypto.SecretBytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every kind of key × algorithm × operation × wrong parameter, on every implementation: an operation works or is refused
 * with the reason that is expected, and never ends in another exception.
 */
class EveryCombinationTest {

    private static final int[] LENGTHS = {
        0, 1, 7, 8, 11, 15, 16, 17, 20, 24, 31, 32, 33, 48, 64, 65, 190, 245, 246, 256, 257, 384, 512, 2420, 65536,
        65537
    };

    private final long seed = Long.getLong("kluis.seed", System.nanoTime());
    private final Random random = new Random(seed);

    static Stream<Arguments> keys() {
        return Stream.of(Implementations.values())
                .flatMap(by -> KeySpec.all().stream().map(spec -> Arguments.of(by, spec)));
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private interface Operation {
        void run(UsableKey key) throws KeyRefusedException;
    }

    /** The reason, or null for what works. */
    private @Nullable Refusal outcome(UsableKey key, Operation operation, String what) {
        try {
            operation.run(key);
            return null;
        } catch (KeyRefusedException e) {
            assertThat(e.getMessage()).isNotBlank();
            assertThat(e).hasNoCause();
            return e.refusal();
        } catch (RuntimeException e) {
            return fail(key + " " + what + ", -Dkluis.seed=" + seed, e);
        }
    }

    @ParameterizedTest
    @MethodSource("keys")
    void an_algorithm_of_another_key_or_for_another_operation_is_refused(Implementations by, KeySpec spec) {
        try (var key = by.primitives().open(Implementations.key(spec))) {
            for (var algorithm : Algorithm.values()) {
                for (var operation : KeyOperation.values()) {
                    var outcome = outcome(key, any(algorithm, operation), algorithm + " " + operation);
                    boolean fits =
                            algorithm.fits(spec) && algorithm.operations().contains(operation);
                    assertThat(outcome == Refusal.WRONG_ALGORITHM)
                            .as("%s %s %s", spec, algorithm, operation)
                            .isEqualTo(!fits);
                }
            }
        }
    }

    private Operation any(Algorithm algorithm, KeyOperation operation) {
        byte[] value = bytes(32);
        return switch (operation) {
            case ENCRYPT -> key -> key.encrypt(algorithm, SecretBytes.copyOf(value), null, null);
            case DECRYPT ->
                key -> key.decrypt(algorithm, Ciphertext.of(value), null).close();
            case WRAP_KEY -> key -> key.wrap(algorithm, SecretBytes.copyOf(value));
            case UNWRAP_KEY -> key -> key.unwrap(algorithm, value).close();
            case SIGN -> key -> key.sign(algorithm, value);
            case VERIFY -> key -> key.verify(algorithm, value, value);
        };
    }

    @ParameterizedTest
    @MethodSource("keys")
    void a_signature_is_made_over_values_of_the_right_length_and_verifies_until_a_bit_changes(
            Implementations by, KeySpec spec) throws Exception {
        try (var key = by.primitives().open(Implementations.key(spec))) {
            for (var algorithm : Implementations.algorithms(spec, KeyOperation.SIGN)) {
                for (int length : LENGTHS) {
                    byte[] value = bytes(length);
                    boolean right = takes(algorithm, spec, length);
                    var outcome = outcome(key, one -> one.sign(algorithm, value), algorithm + " " + length);
                    assertThat(outcome)
                            .as("%s %s %d", spec, algorithm, length)
                            .isEqualTo(right ? null : Refusal.WRONG_LENGTH);
                    assertThat(outcome(key, one -> one.verify(algorithm, value, value), "verify"))
                            .isEqualTo(outcome);
                }
                byte[] value = bytes(algorithm.digest() == 0 ? 40 : algorithm.digest());
                byte[] signature = key.sign(algorithm, value);
                assertThat(key.verify(algorithm, value, signature)).isTrue();
                for (byte[] other : changed(signature)) {
                    assertThat(key.verify(algorithm, value, other)).isFalse();
                }
                byte[] otherValue = value.clone();
                otherValue[0] ^= 1;
                assertThat(key.verify(algorithm, otherValue, signature)).isFalse();
            }
        }
    }

    private static boolean takes(Algorithm algorithm, KeySpec spec, int length) {
        return switch (algorithm.family()) {
            case RSA_NULL -> length > 0 && length <= ((KeySpec.Rsa) spec).bytes() - 11;
            case HMAC, EDDSA, ML_DSA -> length <= UsableKey.MAX_VALUE;
            default -> length == algorithm.digest();
        };
    }

    /** Others of the same length and of other lengths. */
    private List<byte[]> changed(byte[] original) {
        var changed = new ArrayList<byte[]>();
        for (int i = 0; i < 8; i++) {
            byte[] one = original.clone();
            one[random.nextInt(one.length)] ^= (byte) (1 << random.nextInt(8));
            changed.add(one);
        }
        byte[] full = new byte[original.length];
        Arrays.fill(full, (byte) 0xff);
        changed.addAll(List.of(
                new byte[0],
                new byte[original.length],
                full,
                Arrays.copyOf(original, original.length - 1),
                Arrays.copyOf(original, original.length + 1),
                bytes(original.length),
                bytes(UsableKey.MAX_VALUE)));
        return changed;
    }

    @ParameterizedTest
    @MethodSource("keys")
    void a_context_and_an_external_mu_are_for_ml_dsa_and_have_their_lengths(Implementations by, KeySpec spec)
            throws Exception {
        try (var key = by.primitives().open(Implementations.key(spec))) {
            for (var algorithm : Implementations.algorithms(spec, KeyOperation.SIGN)) {
                byte[] value = bytes(algorithm.digest() == 0 ? 64 : algorithm.digest());
                boolean mlDsa = spec instanceof KeySpec.Akp;
                for (int length : new int[] {0, 1, 255, 256, 1000}) {
                    var input = SignatureInput.inContext(value, bytes(length));
                    var expected = mlDsa && length <= 255 ? null : Refusal.BAD_CONTEXT;
                    assertThat(outcome(key, one -> one.sign(algorithm, input), "context"))
                            .isEqualTo(expected);
                    assertThat(outcome(key, one -> one.verify(algorithm, input, value), "context"))
                            .isEqualTo(expected);
                }
                for (int length : new int[] {0, 63, 64, 65}) {
                    var mu = SignatureInput.externalMu(bytes(length));
                    var expected = mlDsa ? length == 64 ? null : Refusal.WRONG_LENGTH : Refusal.BAD_CONTEXT;
                    assertThat(outcome(key, one -> one.sign(algorithm, mu), "mu"))
                            .isEqualTo(expected);
                    assertThat(outcome(key, one -> one.verify(algorithm, mu, value), "mu"))
                            .isEqualTo(expected);
                }
                if (mlDsa) {
                    var context = bytes(9);
                    byte[] signature = key.sign(algorithm, SignatureInput.inContext(value, context));
                    assertThat(key.verify(algorithm, SignatureInput.inContext(value, context), signature))
                            .isTrue();
                    assertThat(key.verify(algorithm, value, signature)).isFalse();
                    assertThat(key.verify(algorithm, SignatureInput.inContext(value, bytes(9)), signature))
                            .isFalse();
                    byte[] plain = key.sign(algorithm, value);
                    assertThat(key.verify(algorithm, SignatureInput.inContext(value, new byte[0]), plain))
                            .isTrue();
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("keys")
    void values_of_all_lengths_are_encrypted_and_decrypted_or_refused(Implementations by, KeySpec spec)
            throws Exception {
        try (var key = by.primitives().open(Implementations.key(spec))) {
            for (var algorithm : Implementations.algorithms(spec, KeyOperation.ENCRYPT)) {
                for (int length : LENGTHS) {
                    byte[] plaintext = bytes(length);
                    boolean right = encrypts(algorithm, spec, length);
                    String what = algorithm + " " + length;
                    assertThat(outcome(
                                    key,
                                    one -> one.encrypt(algorithm, SecretBytes.copyOf(plaintext), null, null),
                                    what))
                            .as("%s %s", spec, what)
                            .isEqualTo(right ? null : Refusal.WRONG_LENGTH);
                    if (right) {
                        var made = key.encrypt(algorithm, SecretBytes.copyOf(plaintext), null, null);
                        try (var decrypted = key.decrypt(algorithm, made, null)) {
                            assertThat(decrypted.reveal(SecretAccess.GRANTED)).isEqualTo(plaintext);
                        }
                    }
                }
            }
        }
    }

    private static boolean encrypts(Algorithm algorithm, KeySpec spec, int length) {
        return switch (algorithm.family()) {
            case RSA_OAEP -> length <= ((KeySpec.Rsa) spec).bytes() - 2 * algorithm.digest() - 2;
            case RSA1_5 -> length <= ((KeySpec.Rsa) spec).bytes() - 11;
            case GCM, CBC_PAD -> length <= UsableKey.MAX_VALUE;
            case CBC -> length > 0 && length % 16 == 0 && length <= UsableKey.MAX_VALUE;
            case KEY_WRAP -> length >= 16 && length % 8 == 0 && length <= UsableKey.MAX_VALUE;
            default -> length > 0 && length <= UsableKey.MAX_VALUE;
        };
    }

    @ParameterizedTest
    @MethodSource("keys")
    void a_changed_ciphertext_does_not_decrypt_where_the_algorithm_can_tell(Implementations by, KeySpec spec)
            throws Exception {
        try (var key = by.primitives().open(Implementations.key(spec))) {
            for (var algorithm : Implementations.algorithms(spec, KeyOperation.DECRYPT)) {
                byte[] plaintext = bytes(48);
                boolean gcm = algorithm.family() == Algorithm.Family.GCM;
                byte[] additional = gcm ? bytes(5) : null;
                var made = key.encrypt(algorithm, SecretBytes.copyOf(plaintext), null, additional);
                for (byte[] value : changed(made.value())) {
                    var other = new Ciphertext(value, made.iv(), made.tag());
                    var outcome = outcome(
                            key,
                            one -> one.decrypt(algorithm, other, additional).close(),
                            algorithm.jose());
                    boolean tells = switch (algorithm.family()) {
                        case RSA1_5, CBC, CBC_PAD -> false;
                        default -> true;
                    };
                    if (tells) {
                        assertThat(outcome)
                                .as("%s %s", spec, algorithm)
                                .isIn(Refusal.DECRYPTION_FAILED, Refusal.WRONG_LENGTH);
                    }
                    if (outcome != null && value.length == made.value().length) {
                        assertThat(outcome).isEqualTo(Refusal.DECRYPTION_FAILED);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("keys")
    void an_iv_a_tag_and_additional_data_are_given_where_they_are_used_and_have_their_lengths(
            Implementations by, KeySpec spec) throws Exception {
        try (var key = by.primitives().open(Implementations.key(spec))) {
            for (var algorithm : Implementations.algorithms(spec, KeyOperation.ENCRYPT)) {
                boolean gcm = algorithm.family() == Algorithm.Family.GCM;
                int iv = switch (algorithm.family()) {
                    case GCM -> 12;
                    case CBC, CBC_PAD -> 16;
                    default -> -1;
                };
                var plaintext = SecretBytes.owning(bytes(48));
                var made = key.encrypt(algorithm, plaintext, null, null);
                assertThat(made.iv() == null ? -1 : made.iv().length).isEqualTo(iv);
                assertThat(made.tag() == null ? -1 : made.tag().length).isEqualTo(gcm ? 16 : -1);
                for (int length : new int[] {0, 8, 11, 12, 13, 15, 16, 17, 96, 70_000}) {
                    byte[] given = bytes(length);
                    assertThat(outcome(key, one -> one.encrypt(algorithm, plaintext, given, null), "iv"))
                            .isEqualTo(length == iv ? null : Refusal.BAD_IV);
                    if (length != iv) {
                        refused(key, algorithm, new Ciphertext(made.value(), given, made.tag()), Refusal.BAD_IV);
                    }
                    if (!gcm || length != 16) {
                        refused(key, algorithm, new Ciphertext(made.value(), made.iv(), given), Refusal.BAD_TAG);
                    }
                    boolean taken = gcm && length <= UsableKey.MAX_ADDITIONAL_DATA;
                    assertThat(outcome(key, one -> one.encrypt(algorithm, plaintext, null, given), "additional"))
                            .isEqualTo(taken ? null : Refusal.BAD_ADDITIONAL_DATA);
                }
                if (iv > 0) {
                    refused(key, algorithm, new Ciphertext(made.value(), null, made.tag()), Refusal.BAD_IV);
                }
                if (gcm) {
                    refused(key, algorithm, new Ciphertext(made.value(), made.iv(), null), Refusal.BAD_TAG);
                    var other = outcome(key, one -> one.decrypt(algorithm, made, new byte[1]), "additional");
                    assertThat(other).isEqualTo(Refusal.DECRYPTION_FAILED);
                    assertThat(key.encrypt(algorithm, plaintext, null, null).iv())
                            .isNotEqualTo(made.iv());
                }
            }
        }
    }

    private void refused(UsableKey key, Algorithm algorithm, Ciphertext ciphertext, Refusal refusal) {
        assertThat(outcome(key, one -> one.decrypt(algorithm, ciphertext, null).close(), "decrypt"))
                .isEqualTo(refusal);
    }

    @ParameterizedTest
    @MethodSource("keys")
    void the_public_part_encrypts_wraps_and_verifies_and_does_nothing_else(Implementations by, KeySpec spec)
            throws Exception {
        if (!spec.asymmetric()) {
            return;
        }
        var material = Implementations.key(spec);
        try (var whole = by.primitives().open(material);
                var part = by.primitives().open(material.requirePublic())) {
            for (var algorithm : Implementations.algorithms(spec, KeyOperation.SIGN)) {
                byte[] value = bytes(algorithm.digest() == 0 ? 40 : algorithm.digest());
                assertThat(part.verify(algorithm, value, whole.sign(algorithm, value)))
                        .isTrue();
                assertThat(outcome(part, one -> one.sign(algorithm, value), "sign"))
                        .isEqualTo(Refusal.NO_PRIVATE_KEY);
            }
            for (var algorithm : Implementations.algorithms(spec, KeyOperation.WRAP_KEY)) {
                byte[] other = bytes(32);
                byte[] wrapped = part.wrap(algorithm, SecretBytes.copyOf(other));
                try (var unwrapped = whole.unwrap(algorithm, wrapped)) {
                    assertThat(unwrapped.reveal(SecretAccess.GRANTED)).isEqualTo(other);
                }
                assertThat(outcome(part, one -> one.unwrap(algorithm, wrapped), "unwrap"))
                        .isEqualTo(Refusal.NO_PRIVATE_KEY);
                assertThat(outcome(part, one -> one.decrypt(algorithm, Ciphertext.of(wrapped), null), "decrypt"))
                        .isEqualTo(Refusal.NO_PRIVATE_KEY);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("keys")
    void what_one_implementation_makes_another_takes(Implementations by, KeySpec spec) throws Exception {
        try (var maker = by.primitives().open(Implementations.key(spec))) {
            for (var other : Implementations.values()) {
                try (var taker = other.primitives().open(Implementations.key(spec))) {
                    for (var algorithm : Implementations.algorithms(spec, KeyOperation.SIGN)) {
                        byte[] value = bytes(algorithm.digest() == 0 ? 40 : algorithm.digest());
                        assertThat(taker.verify(algorithm, value, maker.sign(algorithm, value)))
                                .isTrue();
                    }
                    for (var algorithm : Implementations.algorithms(spec, KeyOperation.ENCRYPT)) {
                        byte[] plaintext = bytes(48);
                        byte[] data = algorithm.family() == Algorithm.Family.GCM ? bytes(20) : null;
                        var made = maker.encrypt(algorithm, SecretBytes.copyOf(plaintext), null, data);
                        try (var decrypted = taker.decrypt(algorithm, made, data)) {
                            assertThat(decrypted.reveal(SecretAccess.GRANTED)).isEqualTo(plaintext);
                        }
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("keys")
    void a_closed_key_does_nothing(Implementations by, KeySpec spec) {
        var key = by.primitives().open(Implementations.key(spec));
        key.close();
        key.close();
        for (var operation : KeyOperation.values()) {
            for (var algorithm : Implementations.algorithms(spec, operation)) {
                byte[] value = bytes(algorithm.digest() == 0 ? 32 : algorithm.digest());
                Operation run = switch (operation) {
                    case SIGN -> one -> one.sign(algorithm, value);
                    case VERIFY -> one -> one.verify(algorithm, value, value);
                    default -> any(algorithm, operation);
                };
                assertThatThrownBy(() -> run.run(key)).isInstanceOf(IllegalStateException.class);
            }
        }
    }
}
