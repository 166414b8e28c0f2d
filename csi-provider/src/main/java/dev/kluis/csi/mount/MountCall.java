package dev.kluis.csi.mount;

import static dev.kluis.csi.mount.InvalidMountException.require;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
    private static final int TOKEN_LIMIT = 16 * 1024;

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
                .collect(Collectors.toUnmodifiableSet());
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
        try {
            var texts = JsonTexts.read(text);
            if (texts.keySet().stream().allMatch(names -> names.size() == 1)) {
                return texts.entrySet().stream()
                        .collect(Collectors.toMap(entry -> entry.getKey().getFirst(), Map.Entry::getValue));
            }
        } catch (IOException e) {
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
            String token = JsonTexts.read(tokens).getOrDefault(List.of(AUDIENCE, "token"), "");
            require(token.length() <= TOKEN_LIMIT, "the token is longer than " + TOKEN_LIMIT + " characters");
            if (!token.isEmpty()) {
                return token;
            }
        } catch (IOException e) {
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
            var claims =
                    JsonTexts.read(new String(Base64.getUrlDecoder().decode(parts.length == 3 ? parts[1] : ""), UTF_8));
            boolean same = pod.namespace().equals(claims.get(claim("namespace")))
                    && pod.uid().equals(claims.get(claim("pod", "uid")))
                    && pod.serviceAccount().equals(claims.get(claim("serviceaccount", "name")));
            return same ? claims.getOrDefault(claim("serviceaccount", "uid"), "") : "";
        } catch (IOException | IllegalArgumentException e) {
            return "";
        }
    }

    private static List<String> claim(String... names) {
        return Stream.concat(Stream.of("kubernetes.io"), Stream.of(names)).toList();
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "MountCall[" + pod.namespace() + "/" + pod.name() + "]";
    }
}
