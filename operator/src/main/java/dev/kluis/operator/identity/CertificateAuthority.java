package dev.kluis.operator.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.math.BigInteger;
import java.net.HttpURLConnection;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;

/**
 * Kluis's own certificate authority, for the connections of its nodes and of its API: P-256, in the Secret {@value #KEY_NAME}; its
 * certificate is in the ConfigMap {@value #CERTIFICATE_NAME}. Both are made at the first start, not by
 * Helm, so that an upgrade keeps them.
 */
public final class CertificateAuthority {

    /** The Secret. */
    public static final String KEY_NAME = "kluis-node-ca-key";
    /** The ConfigMap. */
    public static final String CERTIFICATE_NAME = "kluis-node-ca";
    /** In both. */
    public static final String CERTIFICATE_FIELD = "ca.crt";

    /** How long a server's certificate is valid; it lives in memory and is renewed long before. */
    public static final Duration SERVER_VALIDITY = Duration.ofDays(30);

    private static final String KEY_FIELD = "ca.key";
    private static final Duration CA_VALIDITY = Duration.ofDays(3650);
    /** Clocks of nodes may be behind. */
    private static final Duration BACKDATED = Duration.ofMinutes(5);

    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
    private static final String SIGNATURE = "SHA256withECDSA";
    private static final X500Principal NAME = new X500Principal("CN=Kluis node CA");

    private final PrivateKey key;
    private final X509Certificate certificate;
    private final InstantSource clock;
    private final SecureRandom random;

    private CertificateAuthority(
            PrivateKey key, X509Certificate certificate, InstantSource clock, SecureRandom random) {
        this.key = key;
        this.certificate = certificate;
        this.clock = clock;
        this.random = random;
    }

    /** A server's identity. */
    public record Identity(PrivateKey key, List<X509Certificate> chain) {}

    /** Reads the authority, or makes it where there is none, and publishes its certificate. */
    public static CertificateAuthority load(
            KubernetesClient client, String namespace, InstantSource clock, SecureRandom random) {
        var secret = read(client, namespace).orElseGet(() -> create(client, namespace, clock, random));
        try {
            var authority = new CertificateAuthority(
                    privateKey(field(secret, KEY_FIELD)), x509(field(secret, CERTIFICATE_FIELD)), clock, random);
            publish(client, namespace, field(secret, CERTIFICATE_FIELD));
            return authority;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(
                    "the Secret " + KEY_NAME + " holds no certificate authority; delete it and a new one is made", e);
        }
    }

    /** Its own certificate, PEM. */
    public String certificate() {
        try {
            return pem(certificate);
        } catch (IOException e) {
            throw new IllegalStateException("a certificate could not be written", e);
        }
    }

    /** A new key with a certificate for these DNS names and IPv4 addresses, the first of them the subject. */
    public Identity issue(List<String> names) {
        try {
            var pair = newKey(random);
            var holder = new JcaX509v3CertificateBuilder(
                            certificate,
                            serial(random),
                            Date.from(clock.instant().minus(BACKDATED)),
                            Date.from(clock.instant().plus(SERVER_VALIDITY)),
                            new X500Principal("CN=" + names.getFirst()),
                            pair.getPublic())
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                    .addExtension(
                            Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth))
                    .addExtension(
                            Extension.subjectAlternativeName,
                            false,
                            new GeneralNames(names.stream()
                                    .map(CertificateAuthority::generalName)
                                    .toArray(GeneralName[]::new)))
                    .build(new JcaContentSignerBuilder(SIGNATURE).build(key));
            return new Identity(pair.getPrivate(), List.of(x509(holder), certificate));
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new IllegalStateException("a certificate could not be made", e);
        }
    }

    private static GeneralName generalName(String name) {
        return new GeneralName(IPV4.matcher(name).matches() ? GeneralName.iPAddress : GeneralName.dNSName, name);
    }

    private static Optional<Secret> read(KubernetesClient client, String namespace) {
        return Optional.ofNullable(
                client.secrets().inNamespace(namespace).withName(KEY_NAME).get());
    }

    private static Secret create(KubernetesClient client, String namespace, InstantSource clock, SecureRandom random) {
        try {
            var pair = newKey(random);
            var holder = new JcaX509v3CertificateBuilder(
                            NAME,
                            serial(random),
                            Date.from(clock.instant().minus(BACKDATED)),
                            Date.from(clock.instant().plus(CA_VALIDITY)),
                            NAME,
                            pair.getPublic())
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
                    .build(new JcaContentSignerBuilder(SIGNATURE).build(pair.getPrivate()));
            var secret = new SecretBuilder()
                    .withNewMetadata()
                    .withName(KEY_NAME)
                    .withNamespace(namespace)
                    .endMetadata()
                    .withType("kluis.dev/certificate-authority")
                    .withData(Map.of(
                            KEY_FIELD, base64(pem(pair.getPrivate())), CERTIFICATE_FIELD, base64(pem(x509(holder)))))
                    .build();
            return client.resource(secret).create();
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
                return read(client, namespace).orElseThrow(() -> e);
            }
            throw e;
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new IllegalStateException("a certificate authority could not be made", e);
        }
    }

    private static void publish(KubernetesClient client, String namespace, String certificate) {
        client.resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withName(CERTIFICATE_NAME)
                        .withNamespace(namespace)
                        .endMetadata()
                        .withData(Map.of(CERTIFICATE_FIELD, certificate))
                        .build())
                .forceConflicts()
                .fieldManager("kluis-operator")
                .serverSideApply();
    }

    private static KeyPair newKey(SecureRandom random) throws GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"), random);
        return generator.generateKeyPair();
    }

    /** 128 random bits, RFC 5280 §4.1.2.2 allows up to 20 bytes. */
    private static BigInteger serial(SecureRandom random) {
        return new BigInteger(128, random).add(BigInteger.ONE);
    }

    private static String field(Secret secret, String name) {
        return new String(Base64.getDecoder().decode(secret.getData().getOrDefault(name, "")), US_ASCII);
    }

    private static PrivateKey privateKey(String pem) throws IOException {
        try (var parser = new PEMParser(new StringReader(pem))) {
            return switch (parser.readObject()) {
                case PrivateKeyInfo info -> new JcaPEMKeyConverter().getPrivateKey(info);
                case null, default -> throw new IOException("no private key in PKCS#8 PEM");
            };
        }
    }

    private static X509Certificate x509(String pem) throws IOException, GeneralSecurityException {
        try (var parser = new PEMParser(new StringReader(pem))) {
            return switch (parser.readObject()) {
                case X509CertificateHolder holder -> x509(holder);
                case null, default -> throw new IOException("no certificate in PEM");
            };
        }
    }

    private static X509Certificate x509(X509CertificateHolder holder) throws GeneralSecurityException {
        return new JcaX509CertificateConverter().getCertificate(holder);
    }

    private static String pem(Object object) throws IOException {
        var text = new StringWriter();
        try (var writer = new JcaPEMWriter(text)) {
            writer.writeObject(
                    object instanceof PrivateKey key ? new PemObject("PRIVATE KEY", key.getEncoded()) : object);
        }
        return text.toString();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(US_ASCII));
    }
}
