package dev.kluis.crds.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

@JsonInclude(JsonInclude.Include.NON_NULL)
public class VaultSpec {

    /** Absent is Standard. */
    @Size(max = 16)
    @ValidationRule(
            value = "self == 'Standard'",
            message = "sku is Standard (Premium and ManagedHsm are not there yet)")
    public @Nullable String sku;

    /** How long what is deleted stays recoverable: P7D to P365D, fixed at creation; absent is P90D. */
    @Size(max = 5)
    @ValidationRule(
            value = "self.matches('^P[0-9]{1,3}D$') && int(self.substring(1, size(self) - 1)) >= 7"
                    + " && int(self.substring(1, size(self) - 1)) <= 365",
            message = "retention is P7D to P365D")
    public @Nullable String retention;

    /** Nobody purges before the scheduled date. Once true, never false. */
    public @Nullable Boolean purgeProtection;

    public @Nullable Sharing sharing;

    /** How long nodes may serve their last copy while the operator is away; absent is not at all. */
    @Size(max = 10)
    @Pattern(Legal.DURATION)
    public @Nullable String offline;

    /** Who else may make objects here. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public static class Sharing {

        /** Namespaces whose resources may refer to this vault and make objects of their own in it. */
        @Size(min = 1, max = 256)
        public @Nullable List<@Size(min = 1, max = 63) String> namespaces;
    }
}
