package dev.kluis.crds.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Map;
import org.jspecify.annotations.Nullable;

@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "self.vaultRef == oldSelf.vaultRef",
        message = "vaultRef is fixed: delete this resource and apply one for the other vault")
public class VaultSecretSpec {

    @Required
    public VaultRef vaultRef = new VaultRef();

    /** The object's name in the vault; absent is the resource's name. */
    @Size(min = 1, max = 127)
    @ValidationRule(
            value = "self.matches('" + Legal.OBJECT_NAME + "')",
            message = "the object's name is 1 to 127 of [0-9a-zA-Z-]")
    public @Nullable String name;

    /** What the value is, such as text/plain. */
    @Size(max = 255)
    public @Nullable String contentType;

    /** Absent is true. */
    public @Nullable Boolean enabled;

    /** RFC 3339. */
    @Size(max = 40)
    @Pattern(Legal.TIME)
    public @Nullable String notBefore;

    /** RFC 3339. */
    @Size(max = 40)
    @Pattern(Legal.TIME)
    public @Nullable String expires;

    @Size(max = 15)
    @ValidationRule(
            value = "self.all(k, size(k) >= 1 && size(k) <= 512 && size(self[k]) <= 256)",
            message = "a tag's name has 1 to 512 characters and its value at most 256")
    public @Nullable Map<@Size(max = 512) String, @Size(max = 256) String> tags;

    public @Nullable Source source;

    /** Which superseded versions are kept; absent is all of them. */
    public @Nullable Versions versions;

    /** What deleting this resource does to the object: SoftDelete (when absent) or Keep. */
    @Size(max = 16)
    @ValidationRule(value = "self in ['SoftDelete', 'Keep']", message = "deletionPolicy is SoftDelete or Keep")
    public @Nullable String deletionPolicy;

    /** Superseded versions beyond both are purged; the current one and the one before it never are. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @ValidationRule(
            value = "has(self.keep) || has(self.olderThan)",
            message = "versions has at least one of keep and olderThan")
    public static class Versions {

        /** How many of the newest versions stay: 2 to 500; absent is 2. */
        @ValidationRule(value = "self >= 2 && self <= 500", message = "versions.keep is 2 to 500")
        public @Nullable Integer keep;

        /** How long a version stays after it was superseded; absent is not at all. */
        @Size(max = 10)
        @Pattern(Legal.DURATION)
        public @Nullable String olderThan;
    }

    /** Where the value comes from; none is: set by a client. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @ValidationRule(
            value = "[has(self.generate), has(self.secretKeyRef), has(self.sealed)].filter(x, x).size() == 1",
            message = "source has exactly one of generate, secretKeyRef and sealed")
    public static class Source {
        public @Nullable Generate generate;
        public @Nullable SecretKeyRef secretKeyRef;

        /** A value that kluis seal encrypted for this vault and this name: kluis1:..., safe in git. */
        @Size(min = 95, max = 34227)
        @Pattern("^kluis1:[A-Za-z0-9_-]+$")
        public @Nullable String sealed;
    }

    /** A random value, made once and again at each rotation. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @ValidationRule(
            value = "!has(self.format) || self.format != 'UUID' || !has(self.length)",
            message = "format UUID takes no length")
    @ValidationRule(
            value = "!has(self.alphabet) || !has(self.format) || self.format == 'Text'",
            message = "alphabet goes with format Text only")
    public static class Generate {

        /** In characters for Text and Hex, in bytes before encoding for Base64: 8 to 4096; absent is 32. */
        @ValidationRule(value = "self >= 8 && self <= 4096", message = "length is 8 to 4096")
        public @Nullable Integer length;

        /** Absent is Alphanumeric. */
        @Size(max = 24)
        @ValidationRule(
                value = "self in ['Alphanumeric', 'Letters', 'Digits', 'Printable']",
                message = "alphabet is Alphanumeric, Letters, Digits or Printable")
        public @Nullable String alphabet;

        /** Absent is Text. */
        @Size(max = 8)
        @ValidationRule(
                value = "self in ['Text', 'Hex', 'Base64', 'UUID']",
                message = "format is Text, Hex, Base64 or UUID")
        public @Nullable String format;
    }

    /** A key of a Secret in the resource's namespace, imported once and again when asked to rotate. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public static class SecretKeyRef {
        @Required
        @Size(min = 1, max = 253)
        public String name = "";

        @Required
        @Size(min = 1, max = 253)
        public String key = "";
    }
}
