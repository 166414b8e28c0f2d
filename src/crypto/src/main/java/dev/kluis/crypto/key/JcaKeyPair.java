package dev.kluis.crypto.key;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import javax.security.auth.DestroyFailedException;
import org.jspecify.annotations.Nullable;

/**
 * A key as a provider of the Java Cryptography Architecture holds it.
 *
 * @param privateKey null where the public part is all there is
 */
record JcaKeyPair(PublicKey publicKey, @Nullable PrivateKey privateKey) {

    /** @param type the provider's name of the key's type */
    static JcaKeyPair of(String type, Provider provider, KeyMaterial key) throws GeneralSecurityException {
        var factory = KeyFactory.getInstance(type, provider);
        byte[] pkcs8 = key.reveal();
        try {
            return new JcaKeyPair(
                    factory.generatePublic(
                            new X509EncodedKeySpec(key.requirePublic().spki())),
                    factory.generatePrivate(new PKCS8EncodedKeySpec(pkcs8)));
        } finally {
            Der.wipe(pkcs8);
        }
    }

    /** @param type the provider's name of the key's type */
    static JcaKeyPair of(String type, Provider provider, PublicKeyForm key) throws GeneralSecurityException {
        var factory = KeyFactory.getInstance(type, provider);
        return new JcaKeyPair(factory.generatePublic(new X509EncodedKeySpec(key.spki())), null);
    }

    /** Whether the signature, in the provider's form, was made over this value. */
    boolean verify(Signature by, byte[] value, byte[] signature) throws GeneralSecurityException {
        by.initVerify(publicKey);
        by.update(value);
        try {
            return by.verify(signature);
        } catch (SignatureException e) {
            // A point or number out of range.
            return false;
        }
    }

    /** As far as the provider can: Amazon's frees and zeroes native memory, the JDK's leaves it to the collector. */
    void destroy() {
        if (privateKey != null && !privateKey.isDestroyed()) {
            try {
                privateKey.destroy();
            } catch (DestroyFailedException e) {
                // The provider has no way to; the key is garbage from here on.
                return;
            }
        }
    }

    @Override
    public String toString() {
        return "JcaKeyPair[" + publicKey.getAlgorithm() + "]";
    }
}
