package dev.kluis.operator.kind;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.informers.cache.BasicItemStore;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import java.util.List;

/**
 * What an informer keeps of resources in memory: all but {@code metadata.managedFields}, which are most of a small resource
 * and which nobody here reads.
 *
 * @param <R> the resource
 */
public final class LeanItemStore<R extends HasMetadata> extends BasicItemStore<R> {

    public LeanItemStore() {
        super(Cache::metaNamespaceKeyFunc);
    }

    @Override
    public R put(String key, R resource) {
        resource.getMetadata().setManagedFields(List.of());
        return super.put(key, resource);
    }
}
