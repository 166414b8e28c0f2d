package dev.kluis.crds.store;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

/** A sealed record of one vault object; docs/reference/format.md. */
@Group("store.kluis.dev")
@Version("v1")
@Kind("Record")
@Plural("records")
@Singular("record")
@AdditionalPrinterColumn(name = "Object", jsonPath = ".spec.object", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "Age",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
public class StoreRecord extends CustomResource<StoreRecord.Sealed, Void> implements Namespaced {

    private static final long serialVersionUID = 1L;

    /** The record's bytes. Only the operator writes them; everything in them is authenticated when it is opened. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public static class Sealed {

        /** The object's key, for people; the header is what counts. */
        @Required
        @Size(max = 255)
        public String object = "";

        /** Base64. */
        @Required
        @Size(max = 16384)
        public String header = "";

        /** Base64. */
        @Required
        @Size(max = 349528)
        public String sealed = "";
    }
}
