package dev.kluis.crypto.key;

import static java.math.BigInteger.ONE;
import static java.math.BigInteger.ZERO;

import java.math.BigInteger;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of an RSA private key with two primes (RFC 8017 §3.2), which belong together. That the primes are prime is
 * checked where a key comes from outside, by {@link #requirePrimes}.
 *
 * @param qi the inverse of q modulo p
 */
record RsaNumbers(
        BigInteger n,
        BigInteger e,
        BigInteger d,
        BigInteger p,
        BigInteger q,
        BigInteger dp,
        BigInteger dq,
        BigInteger qi) {

    /** An honest key without its primes is refused once in 2^{@value} times. */
    private static final int FACTORING_TRIES = 40;
    /** The chance that a composite number passes as a prime is below 2^-{@value}. */
    private static final int CERTAINTY = 100;
    /** Primes that are closer than this many bits less than half the modulus are found by Fermat's method (FIPS 186-5 §A.1.3). */
    private static final int DISTANCE = 100;

    /**
     * Checks what is given and computes what is not.
     *
     * @param p null together with q
     */
    static RsaNumbers of(
            BigInteger n,
            BigInteger e,
            BigInteger d,
            @Nullable BigInteger p,
            @Nullable BigInteger q,
            @Nullable BigInteger dp,
            @Nullable BigInteger dq,
            @Nullable BigInteger qi,
            SecureRandom random)
            throws KeyRefusedException {
        var spec = spec(n, e);
        require(d.compareTo(n) < 0 && d.bitLength() > spec.bits() / 2, "the private exponent is out of range");
        require((p == null) == (q == null), "one prime comes without the other");
        var first = p == null || q == null ? factor(n, e, d, random) : p;
        require(first.signum() > 0, "a prime is zero");
        var second = q == null ? n.divide(first) : q;
        checkPrimes(spec, n, first, second);
        var p1 = first.subtract(ONE);
        var q1 = second.subtract(ONE);
        var product = e.multiply(d);
        require(
                product.mod(p1).equals(ONE) && product.mod(q1).equals(ONE),
                "the private exponent does not belong to the public one");
        var inverse = inverse(second, first);
        require(
                same(dp, d.mod(p1)) && same(dq, d.mod(q1)) && same(qi, inverse),
                "the numbers for the Chinese remainder theorem do not belong to the key");
        return new RsaNumbers(n, e, d, first, second, d.mod(p1), d.mod(q1), inverse);
    }

    /** The spec of a public key, or the reason why it is none. */
    static KeySpec.Rsa spec(BigInteger n, BigInteger e) throws KeyRefusedException {
        if (!KeySpec.Rsa.SIZES.contains(n.bitLength())
                || e.bitLength() > 17
                || !KeySpec.Rsa.EXPONENTS.contains(e.intValue())) {
            throw new KeyRefusedException(
                    Refusal.UNSUPPORTED_KEY,
                    "an RSA key has 2048, 3072 or 4096 bits and the public exponent 65537 or 3");
        }
        require(n.testBit(0), "the modulus is even");
        return new KeySpec.Rsa(n.bitLength(), e.intValue());
    }

    private static void checkPrimes(KeySpec.Rsa spec, BigInteger n, BigInteger p, BigInteger q)
            throws KeyRefusedException {
        int half = spec.bits() / 2;
        require(p.bitLength() == half && q.bitLength() == half, "the primes are not half as long as the modulus");
        require(p.multiply(q).equals(n), "the modulus is not the product of the primes");
        require(p.subtract(q).abs().bitLength() > half - DISTANCE, "the primes are too close to each other");
    }

    private static BigInteger inverse(BigInteger of, BigInteger modulus) throws KeyRefusedException {
        require(of.gcd(modulus).equals(ONE), "the primes have a common divisor");
        return of.modInverse(modulus);
    }

    private static boolean same(@Nullable BigInteger given, BigInteger computed) {
        return given == null || given.equals(computed);
    }

    /** A prime factor of the modulus (NIST SP 800-56B §C.1): a square root of one that is neither 1 nor -1 shares one with it. */
    private static BigInteger factor(BigInteger n, BigInteger e, BigInteger d, SecureRandom random)
            throws KeyRefusedException {
        var multiple = e.multiply(d).subtract(ONE);
        int twos = multiple.getLowestSetBit();
        require(
                twos > 0 && BigInteger.TWO.modPow(multiple, n).equals(ONE) && !n.isProbablePrime(1),
                "the private exponent does not belong to the modulus");
        var odd = multiple.shiftRight(twos);
        for (int i = 0; i < FACTORING_TRIES; i++) {
            var x = new BigInteger(n.bitLength() - 1, random).modPow(odd, n);
            for (int j = 0; j < twos && !x.equals(ONE) && !x.equals(ZERO); j++) {
                var square = x.multiply(x).mod(n);
                if (square.equals(ONE) && !x.equals(n.subtract(ONE))) {
                    return x.subtract(ONE).gcd(n);
                }
                x = square;
            }
        }
        throw invalid("the modulus has no two primes that the private exponent belongs to");
    }

    /** @throws KeyRefusedException when a prime is none; costs a tenth of a second for 4096 bits */
    void requirePrimes() throws KeyRefusedException {
        require(p.isProbablePrime(CERTAINTY) && q.isProbablePrime(CERTAINTY), "a prime of the key is none");
    }

    KeySpec.Rsa spec() {
        return new KeySpec.Rsa(n.bitLength(), e.intValue());
    }

    /** RSAPrivateKey (RFC 8017 §A.1.2) in DER. */
    byte[] der() {
        byte[][] secret = {
            Der.integer(d), Der.integer(p), Der.integer(q), Der.integer(dp), Der.integer(dq), Der.integer(qi)
        };
        byte[] der = Der.sequence(
                Der.integer(ZERO),
                Der.integer(n),
                Der.integer(e),
                secret[0],
                secret[1],
                secret[2],
                secret[3],
                secret[4],
                secret[5]);
        Der.wipe(secret);
        return der;
    }

    static RsaNumbers ofDer(byte[] der, SecureRandom random) throws KeyRefusedException {
        var outer = Der.of(der);
        var key = outer.read(Der.SEQUENCE);
        outer.end();
        require(key.integer().equals(ZERO), "an RSA key has two primes");
        var numbers = of(
                key.integer(),
                key.integer(),
                key.integer(),
                key.integer(),
                key.integer(),
                key.integer(),
                key.integer(),
                key.integer(),
                random);
        key.end();
        return numbers;
    }

    private static void require(boolean holds, String otherwise) throws KeyRefusedException {
        if (!holds) {
            throw invalid(otherwise);
        }
    }

    private static KeyRefusedException invalid(String why) {
        return new KeyRefusedException(Refusal.INVALID_KEY, why);
    }

    @Override
    public String toString() {
        return "RsaNumbers[" + spec().text() + "]";
    }
}
