package dev.kluis.crds.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** A backup of the whole vault, again and again, as a file that only the holder of a private key opens. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public class BackupSpec {

    /** How long after the last success: P1D to P999D, PT1H to PT9999H, PT10M to PT99999M. */
    @Required
    @Size(max = 9)
    @Pattern("^(P[1-9][0-9]{0,2}D|PT[1-9][0-9]{0,3}H|PT[1-9][0-9]{1,4}M)$")
    public String every = "";

    /** How many files stay, 1 to 1000; absent is 7. */
    @ValidationRule(value = "self >= 1 && self <= 1000", message = "keep is 1 to 1000")
    public @Nullable Integer keep;

    /** How long a file may be restored, P1D to P3650D; absent is P90D. */
    @Size(max = 6)
    @ValidationRule(
            value = "self.matches('^P[0-9]{1,4}D$') && int(self.substring(1, size(self) - 1)) >= 1"
                    + " && int(self.substring(1, size(self) - 1)) <= 3650",
            message = "expiresAfter is P1D to P3650D")
    public @Nullable String expiresAfter;

    /** The public key, as kluis backup keygen prints it. */
    @Required
    @Size(max = 81)
    @ValidationRule(
            value = "self.matches('^kluis-recipient1:[0-9A-Za-z_-]{64}$')",
            message = "recipient is the text kluis-recipient1:... that kluis backup keygen prints")
    public String recipient = "";

    @Required
    public Destination destination = new Destination();

    /** Where the files go. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @ValidationRule(
            value = "[has(self.folder), has(self.s3)].filter(x, x).size() == 1",
            message = "destination has exactly one of folder and s3")
    public static class Destination {
        public @Nullable Folder folder;
        public @Nullable S3 s3;
    }

    /** A volume that the chart mounted into the operator. */
    public static class Folder {

        /** Its name in the chart's operator.backup.folders. */
        @Required
        @Size(min = 1, max = 63)
        @ValidationRule(
                value = "self.matches('^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$')",
                message = "a folder is named as in the chart's operator.backup.folders")
        public String name = "";
    }

    /** A bucket of Amazon's or of any server that speaks S3. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public static class S3 {

        /** Such as https://s3.eu-west-1.amazonaws.com. */
        @Required
        @Size(max = 300)
        @ValidationRule(
                value = "self.matches('^https?://[0-9A-Za-z.-]{1,253}(:[0-9]{1,5})?/?$')",
                message = "endpoint is https://<host> or https://<host>:<port>, without path, user or query")
        @ValidationRule(
                value = "!self.matches('^https?://169[.]254[.]')",
                message = "endpoint must not be a link-local address")
        public String endpoint = "";

        @Required
        @Size(min = 1, max = 64)
        @Pattern("^[0-9a-z-]{1,64}$")
        public String region = "";

        @Required
        @Size(min = 3, max = 63)
        @ValidationRule(
                value = "self.matches('^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$')",
                message = "a bucket's name is 3 to 63 of [a-z0-9.-]")
        public String bucket = "";

        /** Before every name, such as cluster-a/. */
        @Size(max = 256)
        @ValidationRule(
                value = "self.matches('^([0-9A-Za-z_-]{1,64}/){0,4}$')",
                message = "prefix is up to four names of [0-9A-Za-z_-], each with a slash after it")
        public @Nullable String prefix;

        @Required
        public SecretRef credentialsSecretRef = new SecretRef();
    }

    /** A Secret in the Vault's namespace with the keys accessKeyId and secretAccessKey. */
    public static class SecretRef {
        @Required
        @Size(min = 1, max = 253)
        public String name = "";
    }
}
