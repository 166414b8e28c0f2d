package dev.kluis.store.kubernetes;

import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Lists the names of contents without the contents: the API server leaves out all but the metadata. */
final class ContentNames {

    private static final int PAGE = 500;
    private static final long SECONDS = 30;
    private static final int OK = 200;
    private static final String METADATA_ONLY = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";

    private final KubernetesClient client;
    private final String path;

    ContentNames(KubernetesClient client, String namespace) {
        this.client = client;
        this.path = "apis/store.kluis.dev/v1/namespaces/" + namespace + "/contents?limit=" + PAGE;
    }

    Set<String> list() {
        var names = new HashSet<String>();
        String next = "";
        do {
            var page = page(next);
            // The API server writes an empty list of metadata as null.
            Optional.ofNullable(page.getItems())
                    .ifPresent(items ->
                            items.forEach(item -> names.add(item.getMetadata().getName())));
            next = page.getMetadata().getContinue() == null
                    ? ""
                    : page.getMetadata().getContinue();
        } while (!next.isEmpty());
        return names;
    }

    private GenericKubernetesResourceList page(String from) {
        var http = client.getHttpClient();
        String more = from.isEmpty() ? "" : "&continue=" + URLEncoder.encode(from, StandardCharsets.UTF_8);
        var request = http.newHttpRequestBuilder()
                .uri(URI.create(client.getMasterUrl() + path + more))
                .header("Accept", METADATA_ONLY)
                .build();
        try {
            var response = http.sendAsync(request, byte[].class).get(SECONDS, TimeUnit.SECONDS);
            if (response.code() != OK) {
                throw new KubernetesClientException("the contents cannot be listed", response.code(), null);
            }
            return client.getKubernetesSerialization()
                    .unmarshal(
                            new String(response.body(), StandardCharsets.UTF_8), GenericKubernetesResourceList.class);
        } catch (ExecutionException | TimeoutException e) {
            throw new KubernetesClientException("the contents cannot be listed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KubernetesClientException("stopped while listing contents", e);
        }
    }
}
