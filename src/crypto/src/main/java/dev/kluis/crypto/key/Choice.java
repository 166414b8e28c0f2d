package dev.kluis.crypto.key;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.Security;
import java.util.ArrayList;
import java.util.List;

/**
 * Which implementation does what: the table of the choice. Figures are in docs/explanation/cryptography.md.
 *
 * <ul>
 *   <li>RSA and ECDSA on P-256, P-384, P-521: Amazon's, three to fourteen times as fast as the JDK. Else the JDK, which
 *       blinds RSA and whose curves take constant time.
 *   <li>ECDSA on P-256K: BouncyCastle, the JDK has dropped the curve and Amazon's is less than half as fast.
 *   <li>Ed25519: Amazon's, twice as fast as BouncyCastle. Else BouncyCastle, seventeen times as fast as the JDK.
 *   <li>ML-DSA: BouncyCastle, alone in having contexts and the external mu; the others sign at most 1.8 times as fast.
 *   <li>AES and HMAC: the JDK, which uses the processor's instructions and is as fast as Amazon's at all lengths measured.
 * </ul>
 *
 * @param oct for AES and HMAC
 * @param described a line for each, for the log
 */
record Choice(
        RsaPort rsa,
        SignaturePort ecdsa,
        SignaturePort p256k,
        SignaturePort ed25519,
        SignaturePort mlDsa,
        Provider oct,
        List<String> described) {

    static Choice best(SecureRandom random) {
        try {
            var amazon = AmazonCorrettoCryptoProvider.INSTANCE;
            var error = amazon.getLoadingError();
            if (error != null) {
                return withoutNative(random, "it does not load here: " + error);
            }
            return withNative(random, amazon);
        } catch (LinkageError | RuntimeException e) {
            return withoutNative(random, "it is not usable here: " + e);
        }
    }

    /** @param amazon loaded and healthy */
    static Choice withNative(SecureRandom random, AmazonCorrettoCryptoProvider amazon) {
        String name = "Amazon Corretto Crypto Provider " + amazon.getVersionStr();
        return of(
                random,
                new JcaRsa(amazon, amazon, random),
                new JcaEcdsa(amazon, random),
                new JcaEd25519(jdk("SunEC"), amazon),
                List.of(
                        "RSA: " + name,
                        "ECDSA P-256, P-384, P-521: " + name,
                        "Ed25519: " + name + ", keys read by the JDK"));
    }

    /** @param why the native library is not used */
    static Choice withoutNative(SecureRandom random, String why) {
        return of(
                random,
                new JcaRsa(jdk("SunRsaSign"), jdk("SunJCE"), random),
                new JcaEcdsa(jdk("SunEC"), random),
                new BouncyEd25519(),
                List.of(
                        "Amazon Corretto Crypto Provider: not used, " + why,
                        "RSA: JDK, a third of the native speed or less",
                        "ECDSA P-256, P-384, P-521: JDK, a tenth of the native speed",
                        "Ed25519: BouncyCastle, half the native speed"));
    }

    private static Choice of(
            SecureRandom random, RsaPort rsa, SignaturePort ecdsa, SignaturePort ed25519, List<String> described) {
        var all = new ArrayList<>(described);
        all.add("ECDSA P-256K: BouncyCastle, the fastest of those that have it");
        all.add("ML-DSA: BouncyCastle, the only one with contexts and external mu");
        all.add("AES, HMAC: JDK, as fast as native");
        return new Choice(
                rsa, ecdsa, new BouncyEcdsa(), ed25519, new BouncyMlDsa(random), jdk("SunJCE"), List.copyOf(all));
    }

    static Provider jdk(String name) {
        var provider = Security.getProvider(name);
        if (provider == null) {
            throw new IllegalStateException("this runtime has no provider " + name);
        }
        return provider;
    }
}
