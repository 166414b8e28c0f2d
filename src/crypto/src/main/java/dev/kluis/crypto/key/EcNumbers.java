package dev.kluis.crypto.key;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.EnumMap;
import java.util.Map;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;

/**
 * A private key of a curve with its point (SEC 1 §3.2), which belong together.
 *
 * @param d from 1 to the order of the curve less one
 * @param point d times the generator, normalized
 */
record EcNumbers(EcCurve curve, BigInteger d, ECPoint point) {

    private static final Map<EcCurve, ECDomainParameters> DOMAINS = domains();

    private static Map<EcCurve, ECDomainParameters> domains() {
        var domains = new EnumMap<EcCurve, ECDomainParameters>(EcCurve.class);
        for (var curve : EcCurve.values()) {
            X9ECParameters parameters = CustomNamedCurves.getByName(curve.standard());
            domains.put(curve, new ECDomainParameters(parameters));
        }
        return domains;
    }

    static ECDomainParameters domain(EcCurve curve) {
        var domain = DOMAINS.get(curve);
        if (domain == null) {
            throw new IllegalStateException(curve + " is not usable in this runtime");
        }
        return domain;
    }

    static EcNumbers of(EcCurve curve, BigInteger d) throws KeyRefusedException {
        var domain = domain(curve);
        if (d.signum() <= 0 || d.compareTo(domain.getN()) >= 0) {
            throw new KeyRefusedException(Refusal.INVALID_KEY, "the private key is out of the curve's range");
        }
        var point = new FixedPointCombMultiplier().multiply(domain.getG(), d).normalize();
        return new EcNumbers(curve, d, point);
    }

    /** Draws numbers until one is in range (FIPS 186-5 §A.2.2). */
    static EcNumbers generate(EcCurve curve, SecureRandom random) throws KeyRefusedException {
        var order = domain(curve).getN();
        BigInteger d;
        do {
            d = new BigInteger(order.bitLength(), random);
        } while (d.signum() == 0 || d.compareTo(order) >= 0);
        return of(curve, d);
    }

    /** The point with these coordinates, if it is one of the curve. The curves have a prime order, so it has that order too. */
    static ECPoint point(EcCurve curve, BigInteger x, BigInteger y) throws KeyRefusedException {
        var domain = domain(curve);
        int bits = domain.getCurve().getFieldSize();
        if (x.bitLength() <= bits && y.bitLength() <= bits) {
            try {
                return domain.validatePublicPoint(domain.getCurve().createPoint(x, y))
                        .normalize();
            } catch (IllegalArgumentException e) {
                throw notOnCurve();
            }
        }
        throw notOnCurve();
    }

    /** @param octets an uncompressed point (SEC 1 §2.3.3) */
    static ECPoint point(EcCurve curve, byte[] octets) throws KeyRefusedException {
        int length = curve.bytes();
        if (octets.length != 1 + 2 * length || octets[0] != 4) {
            throw new KeyRefusedException(
                    Refusal.INVALID_KEY, "the public key is not an uncompressed point of the curve");
        }
        var number = new BigInteger(1, octets, 1, length);
        return point(curve, number, new BigInteger(1, octets, 1 + length, length));
    }

    private static KeyRefusedException notOnCurve() {
        return new KeyRefusedException(Refusal.INVALID_KEY, "the public key is not a point of the curve");
    }

    /** @param given a public key that came with the private one */
    void requirePoint(ECPoint given) throws KeyRefusedException {
        if (!given.equals(point)) {
            throw new KeyRefusedException(Refusal.INVALID_KEY, "the public key does not belong to the private one");
        }
    }

    /** ECPrivateKey (RFC 5915 §3) in DER, with the public key and without the name of the curve. */
    byte[] der() {
        byte[] octets = Numbers.octets(d, curve.bytes());
        byte[] secret = Der.write(Der.OCTET_STRING, octets);
        byte[] der =
                Der.sequence(Der.integer(BigInteger.ONE), secret, Der.write(0xa1, Der.bits(point.getEncoded(false))));
        Der.wipe(octets, secret);
        return der;
    }

    /** Takes one with the name of the curve too, and one without the public key. */
    static EcNumbers ofDer(KeyIdentifier identifier, byte[] der) throws KeyRefusedException {
        var curve = identifier.curve();
        var outer = Der.of(der);
        var key = outer.read(Der.SEQUENCE);
        outer.end();
        boolean first = key.integer().equals(BigInteger.ONE);
        byte[] octets = key.read(Der.OCTET_STRING).rest();
        if (!first || octets.length != curve.bytes()) {
            throw new KeyRefusedException(Refusal.INVALID_KEY, "the private key does not have the length of the curve");
        }
        var numbers = of(curve, Numbers.number(octets));
        Der.wipe(octets);
        if (key.next(0xa0)) {
            var named =
                    Der.sequence(Der.write(0x06, ecPublicKey()), key.read(0xa0).rest());
            if (KeyIdentifier.of(named) != identifier) {
                throw new KeyRefusedException(Refusal.INVALID_KEY, "the key names two curves");
            }
        }
        if (key.next(0xa1)) {
            var tagged = key.read(0xa1);
            numbers.requirePoint(point(curve, tagged.bits()));
            tagged.end();
        }
        key.end();
        return numbers;
    }

    /** id-ecPublicKey, 1.2.840.10045.2.1. */
    private static byte[] ecPublicKey() {
        return new byte[] {0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x02, 0x01};
    }

    @Override
    public String toString() {
        return "EcNumbers[" + curve.jose() + "]";
    }
}
