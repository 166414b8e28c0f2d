package dev.kluis.e2e.program;

import static dev.kluis.e2e.program.Program.require;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.azure.core.credential.TokenCredential;
import com.azure.security.keyvault.keys.KeyClient;
import com.azure.security.keyvault.keys.KeyClientBuilder;
import com.azure.security.keyvault.keys.KeyServiceVersion;
import com.azure.security.keyvault.keys.cryptography.CryptographyClient;
import com.azure.security.keyvault.keys.cryptography.CryptographyClientBuilder;
import com.azure.security.keyvault.keys.cryptography.CryptographyServiceVersion;
import com.azure.security.keyvault.keys.cryptography.models.EncryptionAlgorithm;
import com.azure.security.keyvault.keys.cryptography.models.KeyWrapAlgorithm;
import com.azure.security.keyvault.keys.cryptography.models.SignatureAlgorithm;
import com.azure.security.keyvault.keys.models.CreateEcKeyOptions;
import com.azure.security.keyvault.keys.models.CreateRsaKeyOptions;
import com.azure.security.keyvault.keys.models.KeyCurveName;
import com.azure.security.keyvault.keys.models.KeyVaultKey;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.util.Arrays;

/** What is done with keys: by the client as it comes, and by one that has the vault do everything. */
final class Keys {

    private static final byte[] MESSAGE = "what is signed or kept".getBytes(UTF_8);
    private static final int KEY_BYTES = 32;
    private static final int RSA_BITS = 2048;

    private final String vault;
    private final TokenCredential credential;
    private final KeyServiceVersion version;
    private final CryptographyServiceVersion cryptography;

    Keys(String vault, TokenCredential credential, KeyServiceVersion version, CryptographyServiceVersion cryptography) {
        this.vault = vault;
        this.credential = credential;
        this.version = version;
        this.cryptography = cryptography;
    }

    void use() throws GeneralSecurityException {
        var client = new KeyClientBuilder()
                .vaultUrl(vault)
                .credential(credential)
                .serviceVersion(version)
                .buildClient();
        useRsa(client);
        useEc(client);
    }

    private void useRsa(KeyClient client) {
        var key = client.createRsaKey(new CreateRsaKeyOptions("rsa").setKeySize(RSA_BITS));
        var usual = of(key).buildClient();
        var remote = of(key).disableKeyCaching().buildClient();
        // One computes with the public part itself, the other asks for everything: they have to agree.
        byte[] sealed = usual.encrypt(EncryptionAlgorithm.RSA_OAEP_256, MESSAGE).getCipherText();
        require(opens(remote, sealed), "the vault decrypts what was encrypted outside of it");
        byte[] wrapped = remote.wrapKey(KeyWrapAlgorithm.RSA_OAEP_256, new byte[KEY_BYTES])
                .getEncryptedKey();
        require(
                Arrays.equals(
                        usual.unwrapKey(KeyWrapAlgorithm.RSA_OAEP_256, wrapped).getKey(), new byte[KEY_BYTES]),
                "what the vault wrapped is unwrapped");
        byte[] signature = remote.signData(SignatureAlgorithm.PS256, MESSAGE).getSignature();
        require(usual.verifyData(SignatureAlgorithm.PS256, MESSAGE, signature).isValid(), "a signature is one");

        var rotated = client.rotateKey(key.getName());
        require(!rotated.getId().equals(key.getId()), "a rotation makes a version");
        require(opens(remote, sealed), "the version before still decrypts");
        remove(client, key);
    }

    private static boolean opens(CryptographyClient client, byte[] sealed) {
        return Arrays.equals(
                client.decrypt(EncryptionAlgorithm.RSA_OAEP_256, sealed).getPlainText(), MESSAGE);
    }

    private void useEc(KeyClient client) throws GeneralSecurityException {
        var key = client.createEcKey(new CreateEcKeyOptions("ec").setCurveName(KeyCurveName.P_256));
        byte[] signature = of(key).disableKeyCaching()
                .buildClient()
                .signData(SignatureAlgorithm.ES256, MESSAGE)
                .getSignature();
        var verification = Signature.getInstance("SHA256withECDSAinP1363Format");
        verification.initVerify(key.getKey().toEc().getPublic());
        verification.update(MESSAGE);
        require(verification.verify(signature), "a signature of the vault's is one to everybody");
        remove(client, key);
    }

    private static void remove(KeyClient client, KeyVaultKey key) {
        client.beginDeleteKey(key.getName()).waitForCompletion();
        client.purgeDeletedKey(key.getName());
    }

    private CryptographyClientBuilder of(KeyVaultKey key) {
        return new CryptographyClientBuilder()
                .keyIdentifier(key.getId())
                .credential(credential)
                .serviceVersion(cryptography);
    }
}
