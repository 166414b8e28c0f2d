package dev.kluis.crypto.key;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import javax.crypto.Cipher;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;

/**
 * RSA by a provider of the Java Cryptography Architecture.
 *
 * @param keys makes and parses keys
 * @param ciphers raises them; the JDK has the two in different providers
 */
record JcaRsa(Provider keys, Provider ciphers, SecureRandom random) implements RsaPort {

    @Override
    public RsaNumbers generate(KeySpec.Rsa spec) {
        try {
            var generator = KeyPairGenerator.getInstance("RSA", keys);
            generator.initialize(new RSAKeyGenParameterSpec(spec.bits(), BigInteger.valueOf(spec.exponent())), random);
            var key = (RSAPrivateCrtKey) generator.generateKeyPair().getPrivate();
            return RsaNumbers.of(
                    key.getModulus(),
                    key.getPublicExponent(),
                    key.getPrivateExponent(),
                    key.getPrimeP(),
                    key.getPrimeQ(),
                    key.getPrimeExponentP(),
                    key.getPrimeExponentQ(),
                    key.getCrtCoefficient(),
                    random);
        } catch (GeneralSecurityException | KeyRefusedException e) {
            throw new IllegalStateException("RSA keys cannot be made in this runtime", e);
        }
    }

    @Override
    public RsaPort.Key open(KeyMaterial key) throws GeneralSecurityException {
        return new JcaKey(JcaKeyPair.of("RSA", keys, key));
    }

    @Override
    public RsaPort.Key open(PublicKeyForm key) throws GeneralSecurityException {
        return new JcaKey(JcaKeyPair.of("RSA", keys, key));
    }

    private final class JcaKey implements RsaPort.Key {

        private final JcaKeyPair pair;

        private JcaKey(JcaKeyPair pair) {
            this.pair = pair;
        }

        @Override
        public byte[] raisePublic(byte[] number) throws GeneralSecurityException {
            var cipher = Cipher.getInstance("RSA/ECB/NoPadding", ciphers);
            cipher.init(Cipher.ENCRYPT_MODE, pair.publicKey());
            return cipher.doFinal(number);
        }

        /** "Encrypting" with the private key is the way of signatures, in which the JDK checks its result. */
        @Override
        public byte[] raisePrivate(byte[] number) throws GeneralSecurityException {
            var cipher = Cipher.getInstance("RSA/ECB/NoPadding", ciphers);
            cipher.init(Cipher.ENCRYPT_MODE, pair.privateKey(), random);
            return cipher.doFinal(number);
        }

        @Override
        public byte[] encryptOaep(String hash, byte[] plaintext) throws GeneralSecurityException {
            var cipher = Cipher.getInstance("RSA/ECB/OAEPPadding", ciphers);
            cipher.init(Cipher.ENCRYPT_MODE, pair.publicKey(), oaep(hash), random);
            return cipher.doFinal(plaintext);
        }

        @Override
        public byte[] decryptOaep(String hash, byte[] ciphertext) throws GeneralSecurityException {
            var cipher = Cipher.getInstance("RSA/ECB/OAEPPadding", ciphers);
            cipher.init(Cipher.DECRYPT_MODE, pair.privateKey(), oaep(hash));
            return cipher.doFinal(ciphertext);
        }

        private static OAEPParameterSpec oaep(String hash) {
            return new OAEPParameterSpec(hash, "MGF1", new MGF1ParameterSpec(hash), PSource.PSpecified.DEFAULT);
        }

        @Override
        public void destroy() {
            pair.destroy();
        }
    }
}
