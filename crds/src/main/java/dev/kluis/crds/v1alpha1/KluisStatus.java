package dev.kluis.crds.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the status of every kind has: kstatus conditions {@code Ready}, {@code Reconciling}, {@code Stalled}. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public class KluisStatus {

    public @Nullable Long observedGeneration;

    /** Where the REST API serves it. */
    public @Nullable String uri;

    public List<Condition> conditions = new ArrayList<>();
}
