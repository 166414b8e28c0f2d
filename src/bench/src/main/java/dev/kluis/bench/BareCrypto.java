package dev.kluis.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Security;
import java.security.Signature;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The mathematics without a server around it, on the processor that the server has: by the providers that src/crypto
 * chooses, one thread in a loop, and by {@code openssl speed}.
 */
final class BareCrypto {

    private static final int ROUNDS = 3;
    private static final String OPENSSL_SECONDS = "3";

    private final Report report;
    private final SecureRandom random = new SecureRandom();
    /** Amazon's where it loads, as in src/crypto. */
    private final Provider fast;

    BareCrypto(Report report) {
        this.report = report;
        var amazon = AmazonCorrettoCryptoProvider.INSTANCE;
        this.fast = amazon.getLoadingError() == null ? amazon : Security.getProvider("SunEC");
    }

    /** One computation. */
    private interface Computation {
        void run() throws GeneralSecurityException;
    }

    void measure() throws Exception {
        signing("sign P-256", 100_000, "NONEwithECDSA", key("EC", new ECGenParameterSpec("secp256r1")), 32);
        var rsa2048 = key("RSA", new RSAKeyGenParameterSpec(2048, RSAKeyGenParameterSpec.F4));
        rsa("sign RSA-2048", 10_000, rsa2048);
        rsa("sign RSA-4096", 1_500, key("RSA", new RSAKeyGenParameterSpec(4096, RSAKeyGenParameterSpec.F4)));
        var ed25519 = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        signing("sign Ed25519", 100_000, "Ed25519", ed25519, 32);
        encrypting();
        wrapping(rsa2048);
        openssl("rsa2048", "rsa4096", "ecdsap256", "ed25519");
        openssl("-bytes", "1024", "-evp", "aes-256-gcm");
    }

    private KeyPair key(String algorithm, AlgorithmParameterSpec spec) throws GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance(algorithm);
        generator.initialize(spec, random);
        var pair = generator.generateKeyPair();
        if (!(fast instanceof AmazonCorrettoCryptoProvider)) {
            return pair;
        }
        // Read once, as src/crypto does: a key of another provider would be read anew each time.
        var factory = KeyFactory.getInstance(algorithm, fast);
        return new KeyPair((PublicKey) factory.translateKey(pair.getPublic()), (PrivateKey)
                factory.translateKey(pair.getPrivate()));
    }

    private void signing(String what, int each, String algorithm, KeyPair key, int length) throws InterruptedException {
        byte[] digest = bytes(length);
        loop(what, each, () -> {
            var signature = signature(algorithm);
            signature.initSign(key.getPrivate());
            signature.update(digest);
            signature.sign();
        });
    }

    private Signature signature(String algorithm) throws GeneralSecurityException {
        return usable(algorithm) ? Signature.getInstance(algorithm, fast) : Signature.getInstance(algorithm);
    }

    private boolean usable(String signature) {
        return fast.getService("Signature", signature) != null;
    }

    /** A padded digest raised to the private exponent. */
    private void rsa(String what, int each, KeyPair key) throws InterruptedException {
        byte[] digest = bytes(32);
        loop(what, each, () -> {
            var cipher = cipher("RSA/ECB/PKCS1Padding");
            cipher.init(Cipher.ENCRYPT_MODE, key.getPrivate());
            cipher.doFinal(digest);
        });
    }

    private Cipher cipher(String name) throws GeneralSecurityException {
        return fast instanceof AmazonCorrettoCryptoProvider ? Cipher.getInstance(name, fast) : Cipher.getInstance(name);
    }

    private void encrypting() throws InterruptedException {
        var key = new SecretKeySpec(bytes(32), "AES");
        byte[] plaintext = bytes(ApiBench.PLAINTEXT);
        loop("encrypt A256GCM, 1 KiB", 300_000, () -> {
            var cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(128, bytes(12)));
            cipher.doFinal(plaintext);
        });
        var wrap = key;
        byte[] other = bytes(32);
        loop("wrap A256KW, 32 bytes", 300_000, () -> {
            var cipher = Cipher.getInstance("AES/KW/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, wrap);
            cipher.doFinal(other);
        });
    }

    private void wrapping(KeyPair key) throws GeneralSecurityException, InterruptedException {
        var oaep = new OAEPParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, PSource.PSpecified.DEFAULT);
        byte[] other = bytes(32);
        var first = cipher("RSA/ECB/OAEPPadding");
        first.init(Cipher.ENCRYPT_MODE, key.getPublic(), oaep);
        byte[] wrapped = first.doFinal(other);
        loop("wrap RSA-OAEP-256, RSA-2048", 50_000, () -> {
            var cipher = cipher("RSA/ECB/OAEPPadding");
            cipher.init(Cipher.ENCRYPT_MODE, key.getPublic(), oaep);
            cipher.doFinal(other);
        });
        loop("unwrap RSA-OAEP-256, RSA-2048", 10_000, () -> {
            var cipher = cipher("RSA/ECB/OAEPPadding");
            cipher.init(Cipher.DECRYPT_MODE, key.getPrivate(), oaep);
            cipher.doFinal(wrapped);
        });
    }

    private byte[] bytes(int count) {
        byte[] some = new byte[count];
        random.nextBytes(some);
        return some;
    }

    private void loop(String what, int each, Computation computation) throws InterruptedException {
        Clients.Work work = number -> {
            try {
                computation.run();
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(what, e);
            }
        };
        int times = report.effort().of(each);
        var alone = new Clients(1);
        alone.round(times, work); // for the compiler
        var rounds = new ArrayList<Clients.Round>();
        for (int i = 0; i < report.effort().rounds(ROUNDS); i++) {
            rounds.add(alone.round(times, work));
        }
        report.add(Result.rate("bare loop: " + what, rounds));
    }

    /** Its lines for programs: {@code +F2:..:BITS:SIGN:VERIFY}, of a cipher {@code +F:..:NAME:BYTES}, each a second. */
    private void openssl(String... what) throws IOException, InterruptedException {
        String seconds = report.effort() == Effort.FULL ? OPENSSL_SECONDS : "1";
        var command =
                new ArrayList<>(List.of("taskset", "-c", Cores.SERVER, "openssl", "speed", "-mr", "-seconds", seconds));
        command.addAll(List.of(what));
        var process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException(command + " failed");
        }
        said.lines().map(BareCrypto::rate).forEach(rate -> {
            if (rate != null) {
                report.add(rate);
            }
        });
    }

    private static @Nullable Result rate(String line) {
        String[] said = line.split(":", -1);
        return switch (said[0]) {
            case "+F2" -> openssl("sign RSA-" + said[2], Double.parseDouble(said[3]));
            case "+F4" -> openssl("sign P-" + said[2], Double.parseDouble(said[3]));
            case "+F6" -> openssl("sign Ed25519", Double.parseDouble(said[4]));
            case "+F" ->
                openssl(said[2].toLowerCase(Locale.ROOT) + ", 1 KiB", Double.parseDouble(said[3]) / ApiBench.PLAINTEXT);
            default -> null;
        };
    }

    private static Result openssl(String what, double perSecond) {
        return Result.once("openssl speed: " + what, "1/s", perSecond);
    }
}
