package dev.kluis.crypto.key;

import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.jspecify.annotations.Nullable;

/** Ed25519 by BouncyCastle. */
record BouncyEd25519() implements SignaturePort {

    @Override
    public SignaturePort.Key open(KeyMaterial key) {
        byte[] pkcs8 = key.reveal();
        try {
            // The seed is the end of the only form that is written.
            var seed = new Ed25519PrivateKeyParameters(pkcs8, pkcs8.length - Ed25519PrivateKeyParameters.KEY_SIZE);
            return new BouncyKey(seed.generatePublicKey(), seed);
        } finally {
            Der.wipe(pkcs8);
        }
    }

    @Override
    public SignaturePort.Key open(PublicKeyForm key) {
        return new BouncyKey(new Ed25519PublicKeyParameters(key.member("x"), 0), null);
    }

    private record BouncyKey(
            Ed25519PublicKeyParameters publicKey, @Nullable Ed25519PrivateKeyParameters privateKey)
            implements SignaturePort.Key {

        @Override
        public byte[] sign(SignatureInput input) {
            byte[] message = SignaturePort.value(input);
            var signer = new Ed25519Signer();
            signer.init(true, privateKey);
            signer.update(message, 0, message.length);
            return signer.generateSignature();
        }

        @Override
        public boolean verify(SignatureInput input, byte[] signature) {
            byte[] message = SignaturePort.value(input);
            var verifier = new Ed25519Signer();
            verifier.init(false, publicKey);
            verifier.update(message, 0, message.length);
            return verifier.verifySignature(signature);
        }

        /** The library has no way to. */
        @Override
        public void destroy() {}

        @Override
        public String toString() {
            return "BouncyKey[Ed25519]";
        }
    }
}
