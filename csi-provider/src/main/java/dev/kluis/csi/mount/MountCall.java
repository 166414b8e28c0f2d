package dev.kluis.csi.mount;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a mount asks for. It comes from three authors in one map: the kubelet (the entries {@code csi.storage.k8s.io/...},
 * which nobody can override), the pod ({@code volumeAttributes}) and the SecretProviderClass; of the last two nothing is
 * trusted, and what may be read is decided by the operator from the token.
 *
 * @param pod as the kubelet names it
 * @param token of audience {@value #AUDIENCE}
 * @param accountUid the uid in the token, not verified: only what a copy on this node is kept under
 * @param ignored parameters that are taken from a class for Azure and mean nothing here, or that nobody knows
 */
public record MountCall(
        Pod pod,
        String token,
        String accountUid,
        String vaultNamespace,
        String vaultName,
        List<RequestedObject> objects,
        Set<String> ignored) {

    /** Of tokens that are meant for Kluis. */
    public static final String AUDIENCE = "kluis";

    /** A pod and its identity. */
    public record Pod(String namespace, String name, String uid, String serviceAccount) {}

    private static final String KUBELET = "csi.storage.k8s.io/";
    private static final String TOKENS = KUBELET + "serviceAccount.tokens";
    private static final Set<String> KNOWN =
            Set.of("keyvaultName", "keyvaultNamespace", "objects", "secretProviderClass");
    private static final int ATTRIBUTES_LIMIT = 512 * 1024;
    private static final int TOKEN_LIMIT = 16 * 1024;
    private static final ObjectMapper JSON = JsonMapper.builder(com.fasterxml.jackson.core.JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(16)
                            .maxStringLength(ATTRIBUTES_LIMIT)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .build();

    /**
     * @param attributes a JSON map of texts, at most 512 KiB
     * @throws InvalidMountException with what is wrong and what to do
     */
    public static MountCall parse(String attributes) {
        var map = attributes(attributes);
        var pod = new Pod(
                kubelet(map, "pod.namespace"),
                kubelet(map, "pod.name"),
                kubelet(map, "pod.uid"),
                kubelet(map, "serviceAccount.name"));
        String token = token(map.getOrDefault(TOKENS, ""));
        String vault = map.getOrDefault("keyvaultName", "").strip();
        require(!vault.isEmpty(), "the SecretProviderClass needs the parameter keyvaultName: the name of a Vault");
        String namespace = map.getOrDefault("keyvaultNamespace", "").strip();
        var ignored = map.keySet().stream()
                .filter(name -> !name.startsWith(KUBELET) && !KNOWN.contains(name))
                .map(FilePath::shown)
                .collect(java.util.stream.Collectors.toUnmodifiableSet());
        return new MountCall(
                pod,
                token,
                accountUid(token, pod),
                namespace.isEmpty() ? pod.namespace() : namespace,
                vault,
                ObjectsParameter.parse(map.getOrDefault("objects", "")),
                ignored);
    }

    private static Map<String, String> attributes(String text) {
        require(
                text.length() <= ATTRIBUTES_LIMIT,
                "the attributes are longer than " + ATTRIBUTES_LIMIT + " characters");
        try {
            var map = JSON.readValue(text, new TypeReference<Map<String, String>>() {});
            if (map != null && !map.containsValue(null)) {
                return map;
            }
        } catch (JsonProcessingException e) {
            // Its text quotes the attributes, and the token is one of them.
        }
        throw new InvalidMountException("the attributes of the mount are not a JSON map of texts");
    }

    private static String kubelet(Map<String, String> map, String name) {
        String value = map.getOrDefault(KUBELET + name, "");
        require(
                !value.isEmpty(),
                "the kubelet did not name the pod: the CSIDriver secrets-store.csi.k8s.io needs podInfoOnMount: true");
        return value;
    }

    private static String token(String tokens) {
        try {
            String token = JSON.readTree(tokens).path(AUDIENCE).path("token").asText("");
            require(token.length() <= TOKEN_LIMIT, "the token is longer than " + TOKEN_LIMIT + " characters");
            if (!token.isEmpty()) {
                return token;
            }
        } catch (JsonProcessingException e) {
            // The same to do; its text quotes the tokens.
        }
        throw new InvalidMountException("the kubelet gave no token of audience '" + AUDIENCE
                + "': add {audience: " + AUDIENCE + "} to spec.tokenRequests of the CSIDriver"
                + " secrets-store.csi.k8s.io (kubectl edit csidriver secrets-store.csi.k8s.io)");
    }

    /** Empty where the token is not what the kubelet makes for this pod; then nothing is kept for it. */
    private static String accountUid(String token, Pod pod) {
        String[] parts = token.split("\\.", -1);
        try {
            var claims = parts.length == 3
                    ? JSON.readTree(Base64.getUrlDecoder().decode(parts[1])).path("kubernetes.io")
                    : JSON.missingNode();
            boolean same = text(claims, "namespace").equals(pod.namespace())
                    && text(claims.path("pod"), "uid").equals(pod.uid())
                    && text(claims.path("serviceaccount"), "name").equals(pod.serviceAccount());
            return same ? text(claims.path("serviceaccount"), "uid") : "";
        } catch (IOException | IllegalArgumentException e) {
            return "";
        }
    }

    private static String text(JsonNode node, String field) {
        return node.path(field).asText("");
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "MountCall[" + pod.namespace() + "/" + pod.name() + "]";
    }

    private static void require(boolean legal, String otherwise) {
        if (!legal) {
            throw new InvalidMountException(otherwise);
        }
    }
}
