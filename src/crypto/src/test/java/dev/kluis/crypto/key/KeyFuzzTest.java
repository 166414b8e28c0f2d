package dev.kluis.crypto.key;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kluis.crypto.SecretAccess;
import dev.kluis.crypto.SecretBytes;
import dev.kluis.fuzz.Fuzz;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Stored keys, public keys, members of JWKs, ciphertexts and signatures from records, requests and resources. */
@Tag("fuzz")
class KeyFuzzTest {

    private static final Primitives PRIMITIVES = Implementations.NATIVE.primitives();
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final List<Algorithm> ALGORITHMS = List.of(Algorithm.values());
    private static final List<String> MEMBERS =
            List.of("n", "e", "d", "p", "q", "dp", "dq", "qi", "x", "y", "k", "pub", "priv");
    private static final List<String> TYPES = List.of("RSA", "EC", "OKP", "oct", "AKP", "RSA-HSM", "");
    private static final List<String> PARAMETERS =
            List.of("P-256", "P-256K", "P-384", "P-521", "Ed25519", "ML-DSA-44", "ML-DSA-65", "ML-DSA-87", "");

    private static List<KeySpec> asymmetric() {
        return KeySpec.all().stream()
                .filter(KeySpec::asymmetric)
                .filter(spec -> !(spec instanceof KeySpec.Rsa(int bits, int exponent)) || bits == 2048)
                .toList();
    }

    @Test
    void a_stored_key_is_read_or_refused() {
        var fuzz = Fuzz.of("stored-key").refusing(KeyRefusedException.class).allocating(64L << 20);
        for (var spec : asymmetric()) {
            fuzz.good(spec.text(), Implementations.fixed(spec).reveal());
        }
        fuzz.run(input -> {
            try (var read = StoredKey.readPkcs8(input, RANDOM)) {
                byte[] again = read.reveal();
                try (var same = StoredKey.readPkcs8(again, RANDOM);
                        var key = PRIMITIVES.open(read)) {
                    assertThat(same.publicKey()).isEqualTo(read.publicKey());
                    assertThat(key.spec()).isEqualTo(read.spec());
                }
            }
        });
    }

    @Test
    void a_public_key_is_read_or_refused() {
        var fuzz = Fuzz.of("public-key").refusing(KeyRefusedException.class);
        for (var spec : asymmetric()) {
            fuzz.good(spec.text(), Implementations.fixed(spec).requirePublic().spki());
        }
        fuzz.run(input -> {
            var read = PublicKeyForm.ofSpki(input);
            assertThat(read.spki()).isEqualTo(input);
            try (var key = PRIMITIVES.open(read)) {
                var algorithm = Implementations.algorithms(key.spec(), KeyOperation.VERIFY)
                        .getFirst();
                assertThat(key.verify(algorithm, new byte[algorithm.digest()], new byte[64]))
                        .isFalse();
            }
        });
    }

    /** One byte for the type, one for the parameter, then members: a byte for the name, two for the length, the value. */
    @Test
    void the_members_of_a_jwk_are_a_key_or_are_refused() throws Exception {
        var fuzz = Fuzz.of("jwk-members").refusing(KeyRefusedException.class).allocating(64L << 20);
        fuzz.good("rsa", written("RSA", "", rsa(true)));
        fuzz.good("rsa-without-primes", written("RSA", "", rsa(false)));
        fuzz.good("oct", written("oct", "", Map.of("k", new byte[16])));
        byte[] seed = new byte[32];
        Arrays.fill(seed, (byte) 5);
        fuzz.good("okp", written("OKP", "Ed25519", Map.of("d", seed)));
        fuzz.good("akp", written("AKP", "ML-DSA-44", Map.of("priv", seed)));
        for (var curve : EcCurve.values()) {
            var own = EcNumbers.of(curve, BigInteger.TEN);
            byte[] point = own.point().getEncoded(false);
            fuzz.good(
                    "ec-" + curve.jose(),
                    written(
                            "EC",
                            curve.jose(),
                            Map.of(
                                    "d", new byte[] {10},
                                    "x", Arrays.copyOfRange(point, 1, 1 + curve.bytes()),
                                    "y", Arrays.copyOfRange(point, 1 + curve.bytes(), point.length))));
        }
        fuzz.run(input -> {
            try (var jwk = read(ByteBuffer.wrap(input));
                    var key = PRIMITIVES.importJwk(jwk);
                    var stored = key.reveal(SecretAccess.GRANTED);
                    var again = PRIMITIVES.read(key.spec(), stored)) {
                assertThat(again.publicKey()).isEqualTo(key.publicKey());
            }
        });
    }

    private static Map<String, byte[]> rsa(boolean primes) throws KeyRefusedException {
        var info = Der.of(Implementations.fixed(new KeySpec.Rsa(2048)).reveal()).read(Der.SEQUENCE);
        info.integer();
        info.element();
        var key = info.read(Der.OCTET_STRING).read(Der.SEQUENCE);
        key.integer();
        var members = new HashMap<String, byte[]>();
        for (String name : primes ? MEMBERS.subList(0, 8) : MEMBERS.subList(0, 3)) {
            members.put(name, Numbers.octets(key.integer()));
        }
        return members;
    }

    private static byte[] written(String type, String parameter, Map<String, byte[]> members) {
        var out = ByteBuffer.allocate(16 * 1024);
        out.put((byte) TYPES.indexOf(type)).put((byte) PARAMETERS.indexOf(parameter));
        members.forEach((name, value) -> out.put((byte) MEMBERS.indexOf(name))
                .putShort((short) value.length)
                .put(value));
        return Arrays.copyOf(out.array(), out.position());
    }

    private static JwkMembers read(ByteBuffer in) throws KeyRefusedException {
        String type = in.hasRemaining() ? TYPES.get((in.get() & 0xff) % TYPES.size()) : "";
        String parameter = in.hasRemaining() ? PARAMETERS.get((in.get() & 0xff) % PARAMETERS.size()) : "";
        var members = new HashMap<String, byte[]>();
        while (in.remaining() > 2) {
            String name = MEMBERS.get((in.get() & 0xff) % MEMBERS.size());
            byte[] value = new byte[Math.min(in.getShort() & 0xffff, in.remaining())];
            in.get(value);
            members.put(name, value);
        }
        return new JwkMembers(type, parameter, members);
    }

    /** One byte for the key and one for the algorithm, then lengths of a byte for IV and tag, those, and the ciphertext. */
    @Test
    void a_ciphertext_decrypts_or_is_refused() throws Exception {
        var keys = KeySpec.all().stream()
                .filter(spec -> spec instanceof KeySpec.Oct || spec.equals(new KeySpec.Rsa(2048)))
                .map(spec -> PRIMITIVES.open(Implementations.fixed(spec)))
                .toList();
        var fuzz = Fuzz.of("ciphertext").refusing(KeyRefusedException.class);
        for (int k = 0; k < keys.size(); k++) {
            for (var algorithm : Algorithm.values()) {
                var key = keys.get(k);
                if (algorithm.fits(key.spec()) && algorithm.operations().contains(KeyOperation.ENCRYPT)) {
                    var made = key.encrypt(algorithm, SecretBytes.owning(new byte[32]), null, null);
                    byte[] iv = made.iv() == null ? new byte[0] : made.iv();
                    byte[] tag = made.tag() == null ? new byte[0] : made.tag();
                    var out = ByteBuffer.allocate(4 + iv.length + tag.length + made.value().length);
                    out.put((byte) k)
                            .put((byte) ALGORITHMS.indexOf(algorithm))
                            .put((byte) iv.length)
                            .put((byte) tag.length);
                    fuzz.good(
                            key.spec().text() + "-" + algorithm.jose(),
                            out.put(iv).put(tag).put(made.value()).array());
                }
            }
        }
        fuzz.run(input -> {
            var in = ByteBuffer.wrap(input);
            int[] head = new int[4];
            for (int i = 0; i < head.length && in.hasRemaining(); i++) {
                head[i] = in.get() & 0xff;
            }
            byte[] iv = taken(in, head[2]);
            byte[] tag = taken(in, head[3]);
            var ciphertext =
                    new Ciphertext(taken(in, in.remaining()), iv.length == 0 ? null : iv, tag.length == 0 ? null : tag);
            var algorithm = ALGORITHMS.get(head[1] % ALGORITHMS.size());
            keys.get(head[0] % keys.size()).decrypt(algorithm, ciphertext, null).close();
        });
    }

    /** One byte for the key, then the signature over zeros. */
    @Test
    void a_signature_verifies_or_does_not() throws Exception {
        var keys = KeySpec.all().stream()
                .filter(spec -> !(spec instanceof KeySpec.Oct)
                        && !(spec instanceof KeySpec.Rsa(int bits, int e) && bits > 2048))
                .map(spec -> PRIMITIVES.open(Implementations.fixed(spec)))
                .toList();
        var fuzz = Fuzz.of("key-signature");
        for (int k = 0; k < keys.size(); k++) {
            var key = keys.get(k);
            for (var algorithm : Implementations.algorithms(key.spec(), KeyOperation.SIGN)) {
                byte[] signature = key.sign(algorithm, value(algorithm));
                var out = ByteBuffer.allocate(1 + signature.length);
                fuzz.good(
                        key.spec().text() + "-" + algorithm.jose(),
                        out.put((byte) k).put(signature).array());
            }
        }
        fuzz.run(input -> {
            var in = ByteBuffer.wrap(input);
            var key = keys.get(in.hasRemaining() ? (in.get() & 0xff) % keys.size() : 0);
            byte[] signature = taken(in, Math.min(in.remaining(), UsableKey.MAX_VALUE));
            for (var algorithm : Implementations.algorithms(key.spec(), KeyOperation.SIGN)) {
                key.verify(algorithm, value(algorithm), signature);
            }
        });
    }

    private static byte[] value(Algorithm algorithm) {
        return new byte[algorithm.digest() == 0 ? 32 : algorithm.digest()];
    }

    private static byte[] taken(ByteBuffer in, int length) {
        byte[] taken = new byte[Math.min(length, in.remaining())];
        in.get(taken);
        return taken;
    }

    @Test
    void the_text_of_a_spec_is_one_or_is_refused() {
        var fuzz = Fuzz.of("key-spec").refusing(KeyRefusedException.class).words("RSA-", "EC-", "oct-", "2048", "-3");
        KeySpec.all().forEach(spec -> fuzz.good(spec.text(), spec.text()));
        fuzz.run(input -> assertThat(
                        KeySpec.parse(new String(input, UTF_8)).text().getBytes(UTF_8))
                .isEqualTo(input));
    }
}
