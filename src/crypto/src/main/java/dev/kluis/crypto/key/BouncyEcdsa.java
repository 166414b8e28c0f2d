package dev.kluis.crypto.key;

import java.math.BigInteger;
import java.security.InvalidKeyException;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.math.ec.ECPoint;
import org.jspecify.annotations.Nullable;

/** ECDSA over digests by BouncyCastle, for P-256K. The number k of a signature is derived from key and digest (RFC 6979). */
record BouncyEcdsa() implements SignaturePort {

    @Override
    public SignaturePort.Key open(KeyMaterial key) throws InvalidKeyException {
        byte[] pkcs8 = key.reveal();
        try {
            var numbers = StoredKey.ec(pkcs8);
            return new BouncyKey(
                    numbers.curve(),
                    publicKey(numbers.curve(), numbers.point()),
                    new ECPrivateKeyParameters(numbers.d(), EcNumbers.domain(numbers.curve())));
        } catch (KeyRefusedException e) {
            throw new InvalidKeyException(e);
        } finally {
            Der.wipe(pkcs8);
        }
    }

    @Override
    public SignaturePort.Key open(PublicKeyForm key) throws InvalidKeyException {
        var curve = ((KeySpec.Ec) key.spec()).curve();
        try {
            var point = EcNumbers.point(curve, Numbers.number(key.member("x")), Numbers.number(key.member("y")));
            return new BouncyKey(curve, publicKey(curve, point), null);
        } catch (KeyRefusedException e) {
            throw new InvalidKeyException(e);
        }
    }

    private static ECPublicKeyParameters publicKey(EcCurve curve, ECPoint point) {
        return new ECPublicKeyParameters(point, EcNumbers.domain(curve));
    }

    private record BouncyKey(
            EcCurve curve,
            ECPublicKeyParameters publicKey,
            @Nullable ECPrivateKeyParameters privateKey) implements SignaturePort.Key {

        @Override
        public byte[] sign(SignatureInput input) {
            var signer = new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest()));
            signer.init(true, privateKey);
            BigInteger[] both = signer.generateSignature(SignaturePort.value(input));
            return JcaEcdsa.EcdsaForm.sides(both[0], both[1], curve.bytes());
        }

        @Override
        public boolean verify(SignatureInput input, byte[] signature) {
            var verifier = new ECDSASigner();
            verifier.init(false, publicKey);
            int half = signature.length / 2;
            return verifier.verifySignature(
                    SignaturePort.value(input),
                    new BigInteger(1, signature, 0, half),
                    new BigInteger(1, signature, half, half));
        }

        /** Numbers of Java cannot be zeroed. */
        @Override
        public void destroy() {}

        @Override
        public String toString() {
            return "BouncyKey[" + curve.jose() + "]";
        }
    }
}
