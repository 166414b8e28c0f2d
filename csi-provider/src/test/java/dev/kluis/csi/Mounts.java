package dev.kluis.csi;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kluis.wire.driver.MountRequest;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** Requests as the driver makes them. */
public final class Mounts {

    private static final ObjectMapper JSON = new ObjectMapper();

    private Mounts() {}

    /** The uid of a ServiceAccount, which here follows from its name. */
    public static String uidOf(String account) {
        return UUID.nameUUIDFromBytes(account.getBytes(UTF_8)).toString();
    }

    public static Map<String, String> attributes(String account, String objects) {
        var map = new HashMap<String, String>();
        map.put("csi.storage.k8s.io/pod.name", "pod");
        map.put("csi.storage.k8s.io/pod.namespace", "team");
        map.put("csi.storage.k8s.io/pod.uid", "uid-of-pod");
        map.put("csi.storage.k8s.io/serviceAccount.name", account);
        map.put("csi.storage.k8s.io/ephemeral", "true");
        map.put("csi.storage.k8s.io/serviceAccount.tokens", tokens(account, uidOf(account)));
        map.put("secretProviderClass", "files");
        map.put("keyvaultName", "vault");
        map.put("objects", objects);
        return map;
    }

    /** A token with the claims that the kubelet's have, signed by nobody. */
    public static String tokens(String account, String uid) {
        String claims = """
                {"aud":["kluis"],"kubernetes.io":{"namespace":"team","pod":{"name":"pod","uid":"uid-of-pod"},
                "serviceaccount":{"name":"%s","uid":"%s"}}}""".formatted(account, uid);
        return "{\"kluis\":{\"token\":\"e30."
                + Base64.getUrlEncoder().withoutPadding().encodeToString(claims.getBytes(UTF_8))
                + ".c2ln\",\"expirationTimestamp\":\"2030-01-01T00:00:00Z\"}}";
    }

    public static MountRequest request(Map<String, String> attributes) {
        return MountRequest.newBuilder()
                .setAttributes(json(attributes))
                .setSecrets("null")
                .setTargetPath("/var/lib/kubelet/pods/x")
                .setPermission("420")
                .build();
    }

    public static MountRequest request(String account, String objects) {
        return request(attributes(account, objects));
    }

    public static String json(Map<String, String> map) {
        try {
            return JSON.writeValueAsString(map);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
