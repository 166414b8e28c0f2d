package dev.kluis.operator.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.core.exception.HttpResponseException;
import com.azure.core.exception.ResourceNotFoundException;
import com.azure.core.http.HttpClient;
import com.azure.core.http.policy.HttpPipelinePolicy;
import com.azure.core.util.Context;
import com.azure.core.util.polling.LongRunningOperationStatus;
import com.azure.security.keyvault.keys.KeyClient;
import com.azure.security.keyvault.keys.KeyClientBuilder;
import com.azure.security.keyvault.keys.KeyServiceVersion;
import com.azure.security.keyvault.keys.cryptography.CryptographyClient;
import com.azure.security.keyvault.keys.cryptography.CryptographyClientBuilder;
import com.azure.security.keyvault.keys.cryptography.CryptographyServiceVersion;
import com.azure.security.keyvault.keys.cryptography.models.DecryptParameters;
import com.azure.security.keyvault.keys.cryptography.models.EncryptParameters;
import com.azure.security.keyvault.keys.cryptography.models.EncryptionAlgorithm;
import com.azure.security.keyvault.keys.cryptography.models.KeyWrapAlgorithm;
import com.azure.security.keyvault.keys.cryptography.models.SignatureAlgorithm;
import com.azure.security.keyvault.keys.models.CreateEcKeyOptions;
import com.azure.security.keyvault.keys.models.CreateOctKeyOptions;
import com.azure.security.keyvault.keys.models.CreateRsaKeyOptions;
import com.azure.security.keyvault.keys.models.ImportKeyOptions;
import com.azure.security.keyvault.keys.models.JsonWebKey;
import com.azure.security.keyvault.keys.models.KeyCurveName;
import com.azure.security.keyvault.keys.models.KeyOperation;
import com.azure.security.keyvault.keys.models.KeyProperties;
import com.azure.security.keyvault.keys.models.KeyRotationLifetimeAction;
import com.azure.security.keyvault.keys.models.KeyRotationPolicy;
import com.azure.security.keyvault.keys.models.KeyRotationPolicyAction;
import com.azure.security.keyvault.keys.models.KeyType;
import com.azure.security.keyvault.keys.models.KeyVaultKey;
import dev.kluis.crds.v1alpha1.VaultRole;
import dev.kluis.operator.TestOperator;
import dev.kluis.testkit.ApiServer;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Signature;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/**
 * Azure's own clients for keys, told as in a pod where the authority and the token are. What they compute themselves when they
 * can, with a key that they fetched, is asked of the vault here, and that it was is seen from the requests.
 */
class AzureKeysIT {

    private static final byte[] MESSAGE = "what is signed or kept".getBytes(UTF_8);

    private final TestOperator operator = TestOperator.shared();
    private final String ns = ApiServer.shared().newNamespace("azurekeys");
    private final String vault = "k" + ns.substring(ns.length() - 8);
    /** METHOD and path of everything that a client of this test sent to the vault. */
    private final List<String> sent = new CopyOnWriteArrayList<>();

    private final HttpPipelinePolicy recording = (call, next) -> {
        sent.add(call.getHttpRequest().getHttpMethod() + " "
                + call.getHttpRequest().getUrl().getPath());
        return next.process();
    };

    @TempDir
    private Path folder;

    private AzurePod pod;
    private HttpClient http;

    @BeforeEach
    void grant() {
        pod = new AzurePod(operator, ns, vault, folder);
        http = pod.http();
        operator.awaitReady(operator.vault(ns, vault));
        assign("app", "Administrator");
    }

    private void assign(String account, String role) {
        operator.grant(ns, vault, account, role);
    }

    private KeyClient client(KeyServiceVersion version) {
        return new KeyClientBuilder()
                .vaultUrl(pod.url())
                .httpClient(http)
                .serviceVersion(version)
                .credential(pod.credential("app", "kluis", http))
                .buildClient();
    }

    private KeyClient client() {
        return client(KeyServiceVersion.getLatest());
    }

    private CryptographyClientBuilder cryptography(KeyVaultKey key, String account) {
        return new CryptographyClientBuilder()
                .keyIdentifier(key.getId())
                .httpClient(http)
                .addPolicy(recording)
                .credential(pod.credential(account, "kluis", http));
    }

    /** Without a copy of the key, so that nothing is computed here. */
    private CryptographyClient remote(KeyVaultKey key, CryptographyServiceVersion version) {
        return cryptography(key, "app")
                .disableKeyCaching()
                .serviceVersion(version)
                .buildClient();
    }

    private void assertSent(KeyVaultKey key, String... operations) {
        String path = "/keys/" + key.getName() + "/" + key.getProperties().getVersion() + "/";
        assertThat(sent)
                .as("each operation of the vault's, and the key itself never")
                .contains(Arrays.stream(operations)
                        .map(operation -> "POST " + path + operation)
                        .toArray(String[]::new))
                .noneMatch(request -> request.startsWith("GET "));
    }

    @ParameterizedTest
    @EnumSource(
            value = KeyServiceVersion.class,
            mode = Mode.INCLUDE,
            names = {"V7_3", "V7_4", "V7_5", "V7_6", "V2025_07_01"})
    void the_life_of_a_key_is_the_same_at_every_version(KeyServiceVersion version) {
        var client = client(version);
        var expires = OffsetDateTime.of(2030, 1, 2, 3, 4, 5, 0, ZoneOffset.UTC);
        var first = client.createRsaKey(new CreateRsaKeyOptions("signer")
                .setKeySize(2048)
                .setExpiresOn(expires)
                .setKeyOperations(KeyOperation.SIGN, KeyOperation.VERIFY)
                .setTags(Map.of("owner", "team")));
        assertThat(client.getKey("signer").getId()).isEqualTo(first.getId());
        assertThat(first.getKeyType()).isEqualTo(KeyType.RSA);
        assertThat(first.getKeyOperations()).containsExactlyInAnyOrder(KeyOperation.SIGN, KeyOperation.VERIFY);
        assertThat(first.getProperties().getExpiresOn()).isEqualTo(expires);
        assertThat(first.getKey().hasPrivateKey()).isFalse();

        var policy = client.updateKeyRotationPolicy(
                "signer",
                new KeyRotationPolicy()
                        .setExpiresIn("P90D")
                        .setLifetimeActions(List.of(new KeyRotationLifetimeAction(KeyRotationPolicyAction.ROTATE)
                                .setTimeAfterCreate("P60D"))));
        assertThat(policy.getExpiresIn()).isEqualTo("P90D");
        assertThat(client.getKeyRotationPolicy("signer").getLifetimeActions())
                .anySatisfy(action -> assertThat(action.getTimeAfterCreate()).isEqualTo("P60D"));
        var second = client.rotateKey("signer");
        assertThat(second.getKey().getN()).isNotEqualTo(first.getKey().getN());
        assertThat(second.getProperties().getTags()).containsEntry("owner", "team");
        assertThat(client.getKey("signer", first.getProperties().getVersion())
                        .getKey()
                        .getN())
                .isEqualTo(first.getKey().getN());
        assertThat(client.listPropertiesOfKeyVersions("signer").stream().map(KeyProperties::getVersion))
                .containsExactlyInAnyOrder(
                        first.getProperties().getVersion(),
                        second.getProperties().getVersion());
        assertThat(client.listPropertiesOfKeys().stream().map(KeyProperties::getName))
                .contains("signer");
        assertThat(client.updateKeyProperties(second.getProperties().setEnabled(false))
                        .getProperties()
                        .isEnabled())
                .isFalse();

        byte[] backup = client.backupKey("signer");
        assertThat(client.beginDeleteKey("signer").waitForCompletion().getStatus())
                .isEqualTo(LongRunningOperationStatus.SUCCESSFULLY_COMPLETED);
        assertThat(client.getDeletedKey("signer").getRecoveryId()).contains("/deletedkeys/signer");
        assertThatThrownBy(() -> client.createKey("signer", KeyType.EC))
                .hasMessageContaining("ObjectIsDeletedButRecoverable");
        client.beginRecoverDeletedKey("signer").waitForCompletion();
        assertThat(client.getKey("signer").getId()).isEqualTo(second.getId());
        client.beginDeleteKey("signer").waitForCompletion();
        assertThat(client.listDeletedKeys().stream().map(KeyVaultKey::getName)).contains("signer");
        client.purgeDeletedKey("signer");
        assertThatThrownBy(() -> client.getDeletedKey("signer")).isInstanceOf(ResourceNotFoundException.class);
        assertThat(client.restoreKeyBackup(backup).getId()).isEqualTo(second.getId());
        assertThat(client.getRandomBytes(32)).hasSize(32).isNotEqualTo(client.getRandomBytes(32));
    }

    @ParameterizedTest
    @EnumSource(
            value = CryptographyServiceVersion.class,
            mode = Mode.INCLUDE,
            names = {"V7_3", "V7_4", "V7_5", "V7_6", "V2025_07_01"})
    void the_vault_signs_decrypts_and_unwraps_with_an_rsa_key_at_every_version(CryptographyServiceVersion version)
            throws GeneralSecurityException {
        var key = client().createRsaKey(new CreateRsaKeyOptions("rsa").setKeySize(2048));
        var vaults = remote(key, version);
        var publicKey = key.getKey().toRsa().getPublic();

        byte[] digest = MessageDigest.getInstance("SHA-256").digest(MESSAGE);
        byte[] signature = vaults.sign(SignatureAlgorithm.RS256, digest).getSignature();
        var verification = Signature.getInstance("SHA256withRSA");
        verification.initVerify(publicKey);
        verification.update(MESSAGE);
        assertThat(verification.verify(signature)).isTrue();
        for (var algorithm : List.of(
                SignatureAlgorithm.PS256,
                SignatureAlgorithm.PS384,
                SignatureAlgorithm.PS512,
                SignatureAlgorithm.RS512)) {
            byte[] signed = vaults.signData(algorithm, MESSAGE).getSignature();
            assertThat(vaults.verifyData(algorithm, MESSAGE, signed).isValid()).isTrue();
            assertThat(vaults.verifyData(algorithm, digest, signed).isValid()).isFalse();
        }
        for (var algorithm :
                List.of(EncryptionAlgorithm.RSA_OAEP_256, EncryptionAlgorithm.RSA_OAEP, EncryptionAlgorithm.RSA1_5)) {
            byte[] encrypted = vaults.encrypt(algorithm, MESSAGE).getCipherText();
            assertThat(vaults.decrypt(algorithm, encrypted).getPlainText()).isEqualTo(MESSAGE);
        }
        var here = Cipher.getInstance("RSA/ECB/OAEPWithSHA-1AndMGF1Padding");
        here.init(Cipher.ENCRYPT_MODE, publicKey);
        assertThat(vaults.decrypt(EncryptionAlgorithm.RSA_OAEP, here.doFinal(MESSAGE))
                        .getPlainText())
                .isEqualTo(MESSAGE);
        byte[] wrapped = vaults.wrapKey(KeyWrapAlgorithm.RSA_OAEP_256, digest).getEncryptedKey();
        assertThat(vaults.unwrapKey(KeyWrapAlgorithm.RSA_OAEP_256, wrapped).getKey())
                .isEqualTo(digest);
        assertSent(key, "sign", "verify", "encrypt", "decrypt", "wrapkey", "unwrapkey");
    }

    @ParameterizedTest
    @CsvSource({"P-256,ES256,V7_3", "P-256K,ES256K,V7_3", "P-384,ES384,V2025_07_01", "P-521,ES512,V2025_07_01"})
    void the_vault_signs_and_verifies_with_a_key_on_every_curve(
            String curve, String algorithm, CryptographyServiceVersion version) throws GeneralSecurityException {
        var key = client().createEcKey(new CreateEcKeyOptions("ec").setCurveName(KeyCurveName.fromString(curve)));
        var vaults = remote(key, version);
        var by = SignatureAlgorithm.fromString(algorithm);

        byte[] signature = vaults.signData(by, MESSAGE).getSignature();

        assertThat(vaults.verifyData(by, MESSAGE, signature).isValid()).isTrue();
        assertThat(vaults.verifyData(by, "another".getBytes(UTF_8), signature).isValid())
                .isFalse();
        if (curve.equals("P-256")) {
            var verification = Signature.getInstance("SHA256withECDSAinP1363Format");
            verification.initVerify(key.getKey().toEc().getPublic());
            verification.update(MESSAGE);
            assertThat(verification.verify(signature)).isTrue();
        }
        assertSent(key, "sign", "verify");
    }

    @ParameterizedTest
    @EnumSource(
            value = CryptographyServiceVersion.class,
            mode = Mode.INCLUDE,
            names = {"V7_3", "V7_6", "V2025_07_01"})
    void the_vault_encrypts_and_wraps_with_a_symmetric_key_as_anybody_does_who_has_it(
            CryptographyServiceVersion version) throws GeneralSecurityException {
        var secret = new SecretKeySpec(MessageDigest.getInstance("SHA-256").digest(MESSAGE), "AES");
        var jwk = JsonWebKey.fromAes(
                secret,
                List.of(KeyOperation.ENCRYPT, KeyOperation.DECRYPT, KeyOperation.WRAP_KEY, KeyOperation.UNWRAP_KEY));
        var key = client().importKey(new ImportKeyOptions("aes", jwk).setHardwareProtected(false));
        assertThat(key.getKey().getK()).isNull();
        var vaults = remote(key, version);

        var sealed = vaults.encrypt(EncryptParameters.createA256GcmParameters(MESSAGE), Context.NONE);
        var gcm = Cipher.getInstance("AES/GCM/NoPadding");
        gcm.init(Cipher.DECRYPT_MODE, secret, new GCMParameterSpec(128, sealed.getIv()));
        gcm.update(sealed.getCipherText());
        assertThat(gcm.doFinal(sealed.getAuthenticationTag())).isEqualTo(MESSAGE);
        assertThat(vaults.decrypt(
                                DecryptParameters.createA256GcmParameters(
                                        sealed.getCipherText(), sealed.getIv(), sealed.getAuthenticationTag()),
                                Context.NONE)
                        .getPlainText())
                .isEqualTo(MESSAGE);
        byte[] iv = Arrays.copyOf(MESSAGE, 16);
        var cbc = Cipher.getInstance("AES/CBC/PKCS5Padding");
        cbc.init(Cipher.ENCRYPT_MODE, secret, new IvParameterSpec(iv));
        assertThat(vaults.encrypt(EncryptParameters.createA256CbcPadParameters(MESSAGE, iv), Context.NONE)
                        .getCipherText())
                .isEqualTo(cbc.doFinal(MESSAGE));
        byte[] wrapped = vaults.wrapKey(KeyWrapAlgorithm.A256KW, iv).getEncryptedKey();
        assertThat(vaults.unwrapKey(KeyWrapAlgorithm.A256KW, wrapped).getKey()).isEqualTo(iv);
        assertSent(key, "encrypt", "decrypt", "wrapkey", "unwrapkey");
    }

    @Test
    void a_symmetric_key_that_the_vault_made_is_computed_with_there_by_the_usual_client_too() {
        var key = client().createOctKey(new CreateOctKeyOptions("made")
                .setKeySize(256)
                .setKeyOperations(KeyOperation.WRAP_KEY, KeyOperation.UNWRAP_KEY));
        assertThat(key.getKeyType()).isEqualTo(KeyType.OCT);
        var usual = cryptography(key, "app").buildClient();

        byte[] wrapped = usual.wrapKey(KeyWrapAlgorithm.A256KW, new byte[32]).getEncryptedKey();

        assertThat(usual.unwrapKey(KeyWrapAlgorithm.A256KW, wrapped).getKey()).isEqualTo(new byte[32]);
        assertThat(sent)
                .anyMatch(request -> request.endsWith("/wrapkey"))
                .anyMatch(request -> request.endsWith("/unwrapkey"));
    }

    @Test
    void the_usual_client_that_may_use_a_key_and_not_read_it_has_the_vault_use_it() {
        var key = client().createRsaKey(new CreateRsaKeyOptions("rsa").setKeySize(2048));
        operator.awaitReady(operator.apply(VaultRole.class, ns, """
                apiVersion: kluis.dev/v1alpha1
                kind: VaultRole
                metadata: {name: signs-only}
                spec: {dataActions: [keys/sign/action, keys/verify/action]}
                """));
        assign("signs", "signs-only");
        var usual = cryptography(key, "signs").buildClient();

        byte[] signature = usual.signData(SignatureAlgorithm.PS256, MESSAGE).getSignature();
        assertThat(usual.verifyData(SignatureAlgorithm.PS256, MESSAGE, signature)
                        .isValid())
                .isTrue();
        assertThat(sent)
                .anyMatch(request -> request.endsWith("/sign"))
                .anyMatch(request -> request.endsWith("/verify"));
        assertThatThrownBy(() -> usual.encrypt(EncryptionAlgorithm.RSA_OAEP_256, MESSAGE))
                .isInstanceOf(HttpResponseException.class)
                .hasMessageContaining("ForbiddenByRbac");
        assertThatThrownBy(usual::getKey)
                .isInstanceOf(HttpResponseException.class)
                .hasMessageContaining("ForbiddenByRbac");
    }
}
