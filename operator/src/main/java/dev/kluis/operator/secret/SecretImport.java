package dev.kluis.operator.secret;

import dev.kluis.crypto.SecretBytes;
import dev.kluis.operator.kind.Problem;
import dev.kluis.operator.kind.Reason;
import dev.kluis.vault.object.ObjectState;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * Reads a key of a ObjectState in a tenant's namespace. Only that one Secret is asked for, by name and never watched; the
 * right to it is the tenant's RoleBinding. That the author may read it is checked at admission.
 */
public final class SecretImport {

    private final KubernetesClient client;
    private final String operatorNamespace;

    public SecretImport(KubernetesClient client, String operatorNamespace) {
        this.client = client;
        this.operatorNamespace = operatorNamespace;
    }

    /**
     * The value, which the caller closes: UTF-8, at most 25,600 bytes.
     *
     * @throws Problem when it cannot be read or is not legal
     */
    public SecretBytes read(String namespace, String name, String key) {
        try {
            var data = Optional.ofNullable(client.secrets()
                            .inNamespace(namespace)
                            .withName(name)
                            .get())
                    .map(secret -> secret.getData())
                    .orElseThrow(() -> new Problem(
                            Reason.SecretNotFound,
                            "there is no Secret '" + name + "' in namespace '" + namespace + "'"));
            String text = Optional.ofNullable(data.get(key))
                    .orElseThrow(() ->
                            new Problem(Reason.SecretNotFound, "the Secret '" + name + "' has no key '" + key + "'"));
            var value = SecretBytes.owning(Base64.getDecoder().decode(text));
            requireLegal(value, name, key);
            return value;
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
                throw new Problem(Reason.SecretNotReadable, howToAllow(namespace, name));
            }
            throw new Problem(
                    Reason.Unavailable, "the API server did not give the Secret '" + name + "'; trying again");
        }
    }

    private String howToAllow(String namespace, String name) {
        return "Kluis may not read the Secret '" + name
                + "'; to allow it for this namespace: kubectl create rolebinding"
                + " kluis-secret-access --namespace " + namespace
                + " --clusterrole kluis-secret-access --serviceaccount " + operatorNamespace + ":kluis-operator";
    }

    private static void requireLegal(SecretBytes value, String name, String key) {
        String what = "the key '" + key + "' of the Secret '" + name + "'";
        if (value.length() > ObjectState.MAX_VALUE) {
            int length = value.length();
            value.close();
            throw new Problem(
                    Reason.InvalidValue,
                    what + " has " + length + " bytes; a secret's value has at most 25 KB (25,600 bytes)");
        }
        byte[] bytes = value.reveal(dev.kluis.crypto.SecretAccess.GRANTED);
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).clear();
        } catch (CharacterCodingException e) {
            value.close();
            throw new Problem(Reason.InvalidValue, what + " is not UTF-8; encode it, for example as base64");
        } finally {
            java.util.Arrays.fill(bytes, (byte) 0);
        }
    }
}
