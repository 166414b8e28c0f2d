package dev.kluis.crypto.key;

import java.security.SecureRandom;
import java.security.SignatureException;
import java.util.Arrays;
import org.bouncycastle.crypto.CipherParameters;
import org.bouncycastle.crypto.CryptoException;
import org.bouncycastle.crypto.params.MLDSAParameters;
import org.bouncycastle.crypto.params.MLDSAPrivateKeyParameters;
import org.bouncycastle.crypto.params.MLDSAPublicKeyParameters;
import org.bouncycastle.crypto.params.ParametersWithContext;
import org.bouncycastle.crypto.params.ParametersWithRandom;
import org.bouncycastle.crypto.signers.MLDSASigner;
import org.jspecify.annotations.Nullable;

/** ML-DSA by BouncyCastle, which is alone in having contexts and the external mu; hedged with randomness (FIPS 204 §5.2). */
record BouncyMlDsa(SecureRandom random) implements SignaturePort {

    @Override
    public SignaturePort.Key open(KeyMaterial key) {
        byte[] pkcs8 = key.reveal();
        // The seed is the end of the only form that is written.
        byte[] seed = Arrays.copyOfRange(pkcs8, pkcs8.length - MlDsa.SEED, pkcs8.length);
        try {
            var expanded = StoredKey.expand(((KeySpec.Akp) key.spec()).parameters(), seed);
            return new BouncyKey(random, expanded.getPublicKeyParameters(), expanded);
        } finally {
            Der.wipe(pkcs8, seed);
        }
    }

    @Override
    public SignaturePort.Key open(PublicKeyForm key) {
        MLDSAParameters set = StoredKey.parameters(((KeySpec.Akp) key.spec()).parameters());
        return new BouncyKey(random, new MLDSAPublicKeyParameters(set, key.member("pub")), null);
    }

    private record BouncyKey(
            SecureRandom random,
            MLDSAPublicKeyParameters publicKey,
            @Nullable MLDSAPrivateKeyParameters privateKey) implements SignaturePort.Key {

        @Override
        public byte[] sign(SignatureInput input) throws SignatureException {
            var signer = new MLDSASigner();
            CipherParameters key = new ParametersWithRandom(privateKey, random);
            try {
                return switch (input) {
                    case SignatureInput.ExternalMu external -> {
                        signer.init(true, key);
                        yield signer.generateMuSignature(external.mu);
                    }
                    case SignatureInput.InContext inContext -> {
                        signer.init(true, new ParametersWithContext(key, inContext.context));
                        signer.update(inContext.message, 0, inContext.message.length);
                        yield signer.generateSignature();
                    }
                    case SignatureInput.Value plain -> {
                        signer.init(true, key);
                        signer.update(plain.value, 0, plain.value.length);
                        yield signer.generateSignature();
                    }
                };
            } catch (CryptoException e) {
                throw new SignatureException("ML-DSA does not sign", e);
            }
        }

        @Override
        public boolean verify(SignatureInput input, byte[] signature) {
            var verifier = new MLDSASigner();
            return switch (input) {
                case SignatureInput.ExternalMu external -> {
                    verifier.init(false, publicKey);
                    yield verifier.verifyMuSignature(external.mu, signature);
                }
                case SignatureInput.InContext inContext -> {
                    verifier.init(false, new ParametersWithContext(publicKey, inContext.context));
                    verifier.update(inContext.message, 0, inContext.message.length);
                    yield verifier.verifySignature(signature);
                }
                case SignatureInput.Value plain -> {
                    verifier.init(false, publicKey);
                    verifier.update(plain.value, 0, plain.value.length);
                    yield verifier.verifySignature(signature);
                }
            };
        }

        @Override
        public void destroy() {
            if (privateKey != null) {
                privateKey.destroy();
            }
        }

        @Override
        public String toString() {
            return "BouncyKey[ML-DSA]";
        }
    }
}
