package dev.kluis.crypto.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kluis.crypto.SecretAccess;
import dev.kluis.crypto.SecretBytes;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Keys that are generated, imported and read have parts that belong together, or they are refused. */
class KeyMaterialTest {

    private static final Primitives PRIMITIVES = Implementations.NATIVE.primitives();
    private static final SecureRandom RANDOM = new SecureRandom();

    static Stream<KeySpec> specs() {
        return KeySpec.all().stream();
    }

    private static void refused(Refusal refusal, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        KeyRefusedException.class, e -> assertThat(e.refusal()).isEqualTo(refusal));
    }

    @ParameterizedTest
    @MethodSource("specs")
    void a_stored_key_is_read_as_the_same_key_and_as_no_other_kind(KeySpec spec) throws Exception {
        var key = Implementations.key(spec);
        try (var stored = key.reveal(SecretAccess.GRANTED);
                var read = PRIMITIVES.read(spec, stored)) {
            assertThat(read.publicKey()).isEqualTo(key.publicKey());
            assertThat(read.reveal(SecretAccess.GRANTED)).isEqualTo(stored);
            for (var other : KeySpec.all()) {
                // Raw bytes have no type: what is as long as a symmetric key may be one.
                boolean raw = other instanceof KeySpec.Oct oct && oct.bytes() == stored.length();
                if (!other.equals(spec) && !raw) {
                    assertThatThrownBy(() -> PRIMITIVES.read(other, stored)).isInstanceOf(KeyRefusedException.class);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("specs")
    void the_text_of_a_spec_is_read_as_the_spec(KeySpec spec) throws Exception {
        assertThat(KeySpec.parse(spec.text())).isEqualTo(spec);
        refused(Refusal.UNSUPPORTED_KEY, () -> KeySpec.parse(spec.text() + " "));
    }

    @ParameterizedTest
    @MethodSource("specs")
    void a_public_key_is_read_as_the_same_key(KeySpec spec) throws Exception {
        if (spec.asymmetric()) {
            var form = Implementations.key(spec).requirePublic();
            var read = PublicKeyForm.ofSpki(form.spki());
            assertThat(read).isEqualTo(form).hasSameHashCodeAs(form);
            assertThat(read.jwk()).isEqualTo(form.jwk());
            assertThat(read.spec()).isEqualTo(spec);
        }
    }

    @Test
    void a_jwk_of_each_type_has_its_members_in_order() {
        assertThat(jwk(new KeySpec.Rsa(2048)).keySet()).containsExactly("kty", "n", "e");
        assertThat(jwk(new KeySpec.Rsa(2048))).containsEntry("e", "AQAB");
        assertThat(jwk(new KeySpec.Rsa(2048, 3))).containsEntry("e", "Aw");
        assertThat(jwk(new KeySpec.Ec(EcCurve.P256K)).keySet()).containsExactly("kty", "crv", "x", "y");
        assertThat(jwk(new KeySpec.Ec(EcCurve.P256K))).containsEntry("crv", "P-256K");
        assertThat(jwk(new KeySpec.Okp()).keySet()).containsExactly("kty", "crv", "x");
        assertThat(jwk(new KeySpec.Akp(MlDsa.ML_DSA_44)).keySet()).containsExactly("kty", "alg", "pub");
    }

    private static Map<String, String> jwk(KeySpec spec) {
        return Implementations.key(spec).requirePublic().jwk();
    }

    /** The members of a private RSA key, by their names. */
    private static Map<String, BigInteger> rsa(KeySpec spec) throws KeyRefusedException {
        byte[] pkcs8 = Implementations.key(spec).reveal();
        var info = Der.of(pkcs8).read(Der.SEQUENCE);
        info.integer();
        info.element();
        var n = RsaNumbers.ofDer(info.read(Der.OCTET_STRING).rest(), RANDOM);
        return new HashMap<>(Map.of(
                "n", n.n(), "e", n.e(), "d", n.d(), "p", n.p(), "q", n.q(), "dp", n.dp(), "dq", n.dq(), "qi", n.qi()));
    }

    private static KeyMaterial imported(String kty, @Nullable String parameter, Map<String, BigInteger> numbers)
            throws KeyRefusedException {
        var members = new HashMap<String, byte[]>();
        numbers.forEach((name, number) -> members.put(name, Numbers.octets(number)));
        try (var jwk = new JwkMembers(kty, parameter, members)) {
            return PRIMITIVES.importJwk(jwk);
        }
    }

    @Test
    void an_rsa_key_is_imported_with_all_its_members_or_without_what_can_be_computed() throws Exception {
        for (var spec : new KeySpec[] {new KeySpec.Rsa(2048), new KeySpec.Rsa(4096), new KeySpec.Rsa(3072, 3)}) {
            var whole = Implementations.key(spec).requirePublic();
            var numbers = rsa(spec);
            assertThat(imported("RSA", null, numbers).requirePublic()).isEqualTo(whole);
            numbers.keySet().removeAll(Set.of("dp", "dq", "qi"));
            assertThat(imported("RSA", null, numbers).reveal(SecretAccess.GRANTED))
                    .isEqualTo(Implementations.key(spec).reveal(SecretAccess.GRANTED));
            numbers.keySet().removeAll(Set.of("p", "q"));
            try (var without = imported("RSA", null, numbers)) {
                assertThat(without.requirePublic()).isEqualTo(whole);
                assertThat(PRIMITIVES
                                .read(spec, without.reveal(SecretAccess.GRANTED))
                                .requirePublic())
                        .isEqualTo(whole);
            }
        }
    }

    @Test
    void an_rsa_key_whose_members_do_not_belong_together_is_refused() throws Exception {
        for (String name : new String[] {"n", "d", "p", "q", "dp", "dq", "qi"}) {
            for (var change : new BigInteger[] {BigInteger.TWO, BigInteger.ONE, BigInteger.valueOf(-2)}) {
                var numbers = rsa(new KeySpec.Rsa(2048));
                numbers.compute(name, (key, value) -> value.add(change));
                refused(Refusal.INVALID_KEY, () -> imported("RSA", null, numbers));
            }
            var zero = rsa(new KeySpec.Rsa(2048));
            zero.put(name, BigInteger.ZERO);
            assertThatThrownBy(() -> imported("RSA", null, zero)).isInstanceOf(KeyRefusedException.class);
        }
        for (String name : new String[] {"n", "e", "d"}) {
            var numbers = rsa(new KeySpec.Rsa(2048));
            numbers.remove(name);
            refused(Refusal.INVALID_KEY, () -> imported("RSA", null, numbers));
        }
        var alone = rsa(new KeySpec.Rsa(2048));
        alone.remove("q");
        refused(Refusal.INVALID_KEY, () -> imported("RSA", null, alone));
        var swapped = rsa(new KeySpec.Rsa(2048));
        swapped.put("d", rsa(new KeySpec.Rsa(2048, 3)).get("d"));
        swapped.keySet().removeAll(Set.of("p", "q", "dp", "dq", "qi"));
        refused(Refusal.INVALID_KEY, () -> imported("RSA", null, swapped));
        var exponent = rsa(new KeySpec.Rsa(2048));
        exponent.put("e", BigInteger.valueOf(17));
        refused(Refusal.UNSUPPORTED_KEY, () -> imported("RSA", null, exponent));
    }

    @Test
    void an_rsa_key_with_a_composite_prime_or_with_close_primes_is_refused() {
        var e = BigInteger.valueOf(65537);
        BigInteger p;
        BigInteger q;
        BigInteger composite;
        do {
            p = BigInteger.probablePrime(1024, RANDOM).setBit(1022);
            q = BigInteger.probablePrime(512, RANDOM).setBit(510);
            composite = q.multiply(BigInteger.probablePrime(512, RANDOM).setBit(510));
        } while (!p.isProbablePrime(50) || composite.bitLength() != 1024 || !coprime(e, p, composite));
        refusedPair(e, p, composite);

        BigInteger first;
        BigInteger second;
        do {
            first = BigInteger.probablePrime(1024, RANDOM);
            second = first.nextProbablePrime();
        } while (first.multiply(second).bitLength() != 2048 || !coprime(e, first, second));
        refusedPair(e, first, second);
    }

    private static boolean coprime(BigInteger e, BigInteger p, BigInteger q) {
        return e.gcd(phi(p, q)).equals(BigInteger.ONE);
    }

    private static BigInteger phi(BigInteger p, BigInteger q) {
        return p.subtract(BigInteger.ONE).multiply(q.subtract(BigInteger.ONE));
    }

    private static void refusedPair(BigInteger e, BigInteger p, BigInteger q) {
        var d = e.modInverse(phi(p, q));
        refused(
                Refusal.INVALID_KEY,
                () -> imported("RSA", null, Map.of("n", p.multiply(q), "e", e, "d", d, "p", p, "q", q)));
    }

    @Test
    void an_rsa_modulus_that_is_a_prime_is_refused_without_its_factors() {
        var e = BigInteger.valueOf(65537);
        BigInteger prime;
        do {
            prime = BigInteger.probablePrime(2048, RANDOM);
        } while (!e.gcd(prime.subtract(BigInteger.ONE)).equals(BigInteger.ONE));
        var n = prime;
        var d = e.modInverse(n.subtract(BigInteger.ONE));
        refused(Refusal.INVALID_KEY, () -> imported("RSA", null, Map.of("n", n, "e", e, "d", d)));
    }

    @Test
    void a_key_of_a_curve_is_in_range_and_has_its_own_point() throws Exception {
        for (var curve : EcCurve.values()) {
            var order = EcNumbers.domain(curve).getN();
            var own = EcNumbers.generate(curve, RANDOM);
            var x = own.point().getAffineXCoord().toBigInteger();
            var y = own.point().getAffineYCoord().toBigInteger();
            for (String name : new String[] {curve.jose(), curve.registered()}) {
                assertThat(imported("EC", name, Map.of("d", own.d(), "x", x, "y", y))
                                .requirePublic())
                        .isEqualTo(imported("EC", name, Map.of("d", own.d())).requirePublic());
            }
            for (var d : new BigInteger[] {BigInteger.ZERO, order, order.add(own.d())}) {
                refused(Refusal.INVALID_KEY, () -> imported("EC", curve.jose(), Map.of("d", d, "x", x, "y", y)));
            }
            var minus = EcNumbers.domain(curve)
                    .getCurve()
                    .getField()
                    .getCharacteristic()
                    .subtract(y);
            for (var other : new BigInteger[] {minus, y.add(BigInteger.ONE), BigInteger.ZERO, y.shiftLeft(600)}) {
                refused(
                        Refusal.INVALID_KEY,
                        () -> imported("EC", curve.jose(), Map.of("d", own.d(), "x", x, "y", other)));
            }
            refused(Refusal.INVALID_KEY, () -> imported("EC", curve.jose(), Map.of("x", x, "y", y)));
            refused(Refusal.INVALID_KEY, () -> imported("EC", curve.jose(), Map.of("d", own.d(), "x", x)));
        }
        refused(Refusal.UNSUPPORTED_KEY, () -> imported("EC", "P-224", Map.of("d", BigInteger.TEN)));
        refused(Refusal.UNSUPPORTED_KEY, () -> imported("EC", null, Map.of("d", BigInteger.TEN)));
    }

    @Test
    void a_key_of_another_type_is_imported_with_its_length_or_refused() throws Exception {
        byte[] seed = new byte[32];
        RANDOM.nextBytes(seed);
        for (var spec : new KeySpec[] {new KeySpec.Okp(), new KeySpec.Akp(MlDsa.ML_DSA_87)}) {
            boolean okp = spec instanceof KeySpec.Okp;
            String secret = okp ? "d" : "priv";
            String open = okp ? "x" : "pub";
            String parameter = okp ? "Ed25519" : "ML-DSA-87";
            byte[] publicKey;
            try (var key = of(spec.kty(), parameter, Map.of(secret, seed.clone()))) {
                publicKey = key.requirePublic().member(open);
                assertThat(key.spec()).isEqualTo(spec);
            }
            of(spec.kty(), parameter, Map.of(secret, seed.clone(), open, publicKey.clone()))
                    .close();
            byte[] wrong = publicKey.clone();
            wrong[0] ^= 1;
            refused(Refusal.INVALID_KEY, () -> of(spec.kty(), parameter, Map.of(secret, seed.clone(), open, wrong)));
            refused(Refusal.INVALID_KEY, () -> of(spec.kty(), parameter, Map.of(secret, Arrays.copyOf(seed, 31))));
            refused(Refusal.INVALID_KEY, () -> of(spec.kty(), parameter, Map.of(open, publicKey)));
            refused(Refusal.UNSUPPORTED_KEY, () -> of(spec.kty(), "Ed448", Map.of(secret, seed.clone())));
        }
        assertThat(of("oct", null, Map.of("k", new byte[24])).spec()).isEqualTo(new KeySpec.Oct(192));
        for (int length : new int[] {0, 15, 17, 20, 33, 128}) {
            refused(Refusal.UNSUPPORTED_KEY, () -> of("oct", null, Map.of("k", new byte[length])));
        }
        refused(Refusal.UNSUPPORTED_KEY, () -> of("rsa", null, Map.of()));
        refused(Refusal.INVALID_KEY, () -> new JwkMembers("oct", null, Map.of("k", new byte[4097])));
    }

    private static KeyMaterial of(String kty, @Nullable String parameter, Map<String, byte[]> members)
            throws KeyRefusedException {
        return PRIMITIVES.importJwk(new JwkMembers(kty, parameter, members));
    }

    @Test
    void an_imported_symmetric_key_is_not_the_array_of_its_jwk() throws Exception {
        byte[] k = new byte[16];
        Arrays.fill(k, (byte) 7);
        var jwk = new JwkMembers("oct", null, Map.of("k", k));
        var key = PRIMITIVES.importJwk(jwk);
        jwk.close();
        assertThat(k).containsOnly(0);
        assertThat(key.reveal(SecretAccess.GRANTED).reveal(SecretAccess.GRANTED))
                .containsOnly(7);
    }

    @Test
    void a_public_key_beside_a_stored_one_belongs_to_it() throws Exception {
        var spec = new KeySpec.Okp();
        byte[] pkcs8 = Implementations.key(spec).reveal();
        byte[] own = Implementations.key(spec).requirePublic().member("x");
        // RFC 8410 §7: the seed again, with the public key in [1].
        byte[] seed = Arrays.copyOfRange(pkcs8, pkcs8.length - 34, pkcs8.length);
        for (int change = 0; change < 2; change++) {
            own[0] ^= (byte) change;
            var stored = SecretBytes.owning(Der.sequence(
                    Der.integer(BigInteger.ONE),
                    KeyIdentifier.ED25519.der(),
                    Der.write(Der.OCTET_STRING, seed),
                    Der.write(0x81, new byte[1], own)));
            if (change == 0) {
                assertThat(PRIMITIVES.read(spec, stored).reveal()).isEqualTo(pkcs8);
            } else {
                refused(Refusal.INVALID_KEY, () -> PRIMITIVES.read(spec, stored));
            }
        }
    }

    @Test
    void an_ed25519_public_key_of_small_order_is_refused() {
        for (String point : new String[] {
            "0100000000000000000000000000000000000000000000000000000000000000",
            "0000000000000000000000000000000000000000000000000000000000000000",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
        }) {
            refused(
                    Refusal.INVALID_KEY,
                    () -> PublicKeyForm.ofEd25519(HexFormat.of().parseHex(point)));
        }
    }

    @Test
    void an_ml_dsa_key_is_read_with_its_expanded_key_if_that_belongs_to_the_seed_and_not_without_the_seed()
            throws Exception {
        var spec = new KeySpec.Akp(MlDsa.ML_DSA_44);
        byte[] pkcs8 = Implementations.key(spec).reveal();
        byte[] seed = Arrays.copyOfRange(pkcs8, pkcs8.length - MlDsa.SEED, pkcs8.length);
        byte[] expanded = StoredKey.expand(MlDsa.ML_DSA_44, seed).getEncoded();
        byte[] inner = Der.sequence(Der.write(Der.OCTET_STRING, seed), Der.write(Der.OCTET_STRING, expanded));
        try (var read = PRIMITIVES.read(spec, pkcs8(inner))) {
            assertThat(read.requirePublic()).isEqualTo(Implementations.key(spec).requirePublic());
            assertThat(read.reveal()).isEqualTo(pkcs8);
        }
        expanded[100] ^= 1;
        byte[] other = Der.sequence(Der.write(Der.OCTET_STRING, seed), Der.write(Der.OCTET_STRING, expanded));
        refused(Refusal.INVALID_KEY, () -> PRIMITIVES.read(spec, pkcs8(other)));
        refused(Refusal.UNSUPPORTED_KEY, () -> PRIMITIVES.read(spec, pkcs8(Der.write(Der.OCTET_STRING, expanded))));
    }

    private static SecretBytes pkcs8(byte[] inner) {
        return SecretBytes.owning(Der.sequence(
                Der.integer(BigInteger.ZERO), KeyIdentifier.ML_DSA_44.der(), Der.write(Der.OCTET_STRING, inner)));
    }

    @ParameterizedTest
    @MethodSource("specs")
    void no_text_of_a_key_has_any_of_its_bytes(KeySpec spec) throws Exception {
        var key = Implementations.key(spec);
        try (var usable = PRIMITIVES.open(key)) {
            assertThat(key).hasToString("KeyMaterial[" + spec.text() + "]");
            assertThat(usable).hasToString("UsableKey[" + spec.text() + "]");
        }
        assertThat(new JwkMembers("oct", null, Map.of("k", new byte[] {1, 2, 3})))
                .hasToString("JwkMembers[[k]]");
        assertThat(new RawKey(new byte[16], "AES")).hasToString("RawKey[AES]");
        assertThat(new RsaNumbers(
                        BigInteger.TWO.pow(2047),
                        BigInteger.TWO.add(BigInteger.ONE),
                        BigInteger.TEN,
                        BigInteger.TEN,
                        BigInteger.TEN,
                        BigInteger.TEN,
                        BigInteger.TEN,
                        BigInteger.TEN))
                .hasToString("RsaNumbers[RSA-2048-3]");
        assertThat(EcNumbers.generate(EcCurve.P384, RANDOM)).hasToString("EcNumbers[P-384]");
    }
}
