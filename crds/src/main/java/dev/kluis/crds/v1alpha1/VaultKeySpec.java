package dev.kluis.crds.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "self.vaultRef == oldSelf.vaultRef",
        message = "vaultRef is fixed: delete this resource and apply one for the other vault")
@ValidationRule(
        value =
                "self.type == oldSelf.type"
                        + " && (has(self.size) ? self.size : 0) == (has(oldSelf.size) ? oldSelf.size : 0)"
                        + " && (has(self.curve) ? self.curve : '') == (has(oldSelf.curve) ? oldSelf.curve : '')"
                        + " && (has(self.algorithm) ? self.algorithm : '') == (has(oldSelf.algorithm) ? oldSelf.algorithm : '')",
        message = "type, size, curve and algorithm are fixed: apply a resource of another name for the other key")
@ValidationRule(
        value = "!has(self.size) || (self.type == 'RSA' && self.size in [2048, 3072, 4096])"
                + " || (self.type == 'OCT' && self.size in [128, 192, 256, 384, 512])",
        message = "size is 2048, 3072 or 4096 for RSA, 128, 192, 256, 384 or 512 for OCT, and goes with no other type")
@ValidationRule(
        value = "!has(self.curve) || (self.type == 'EC' && self.curve in ['P-256', 'P-256K', 'P-384', 'P-521'])"
                + " || (self.type == 'OKP' && self.curve == 'Ed25519')",
        message = "curve is P-256, P-256K, P-384 or P-521 for EC, Ed25519 for OKP, and goes with no other type")
@ValidationRule(
        value = "has(self.algorithm) == (self.type == 'AKP')",
        message = "algorithm, which is ML-DSA-44, ML-DSA-65 or ML-DSA-87, goes with type AKP and with no other")
@ValidationRule(
        value = "!has(self.operations) || self.type == 'RSA'"
                + " || (self.type == 'OCT' && (has(self.size) ? self.size : 256) <= 256"
                + " ? self.operations.all(o, o in ['encrypt', 'decrypt', 'wrapKey', 'unwrapKey', 'sign', 'verify'])"
                + " : self.operations.all(o, o in ['sign', 'verify']))",
        message = "a key of type EC, OKP or AKP, or of type OCT with 384 or 512 bits, signs and verifies only")
@ValidationRule(
        value = "!has(self.notBefore) || !has(self.expires) || timestamp(self.notBefore) < timestamp(self.expires)",
        message = "notBefore is before expires")
public class VaultKeySpec {

    @Required
    public VaultRef vaultRef = new VaultRef();

    /** The object's name in the vault; absent is the resource's name. */
    @Size(min = 1, max = 127)
    @ValidationRule(
            value = "self.matches('" + Legal.OBJECT_NAME + "')",
            message = "the object's name is 1 to 127 of [0-9a-zA-Z-]")
    public @Nullable String name;

    /** RSA, EC, OCT (symmetric), OKP (Ed25519) or AKP (ML-DSA). */
    @Required
    @Size(max = 8)
    @ValidationRule(value = "self in ['RSA', 'EC', 'OCT', 'OKP', 'AKP']", message = "type is RSA, EC, OCT, OKP or AKP")
    public String type = "";

    /** In bits; absent is 2048 for RSA and 256 for OCT. */
    public @Nullable Integer size;

    /** Absent is P-256 for EC and Ed25519 for OKP. */
    @Size(max = 8)
    public @Nullable String curve;

    /** Of a key of type AKP. */
    @Size(max = 16)
    @ValidationRule(
            value = "self in ['ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87']",
            message = "algorithm is ML-DSA-44, ML-DSA-65 or ML-DSA-87")
    public @Nullable String algorithm;

    /** What may be done with the key; absent is all that its type can. */
    @Size(min = 1, max = 6)
    @ValidationRule(
            value = "self.all(o, o in ['encrypt', 'decrypt', 'sign', 'verify', 'wrapKey', 'unwrapKey'])",
            message = "operations are encrypt, decrypt, sign, verify, wrapKey and unwrapKey")
    public @Nullable List<@Size(max = 16) String> operations;

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

    public @Nullable Rotation rotation;

    /** Where the key comes from; absent is: generated in the vault. */
    @JsonProperty("import")
    public @Nullable Import imported;

    /** What deleting this resource does to the object: SoftDelete (when absent) or Keep. */
    @Size(max = 16)
    @ValidationRule(value = "self in ['SoftDelete', 'Keep']", message = "deletionPolicy is SoftDelete or Keep")
    public @Nullable String deletionPolicy;

    /** When new versions are made, how long each is valid, and when its end is announced. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @ValidationRule(
            value = "!has(self.every) || !has(self.beforeExpiry)",
            message = "rotation has every or beforeExpiry, not both")
    @ValidationRule(
            value = "has(self.every) || has(self.beforeExpiry) || has(self.expires)",
            message = "rotation has at least one of every, beforeExpiry and expires")
    @ValidationRule(
            value = "has(self.expires) || (!has(self.beforeExpiry) && !has(self.notifyBefore))",
            message = "rotation.beforeExpiry and rotation.notifyBefore need rotation.expires")
    public static class Rotation {

        /** Since the current version was made: at least P7D. */
        @Size(max = 10)
        @Pattern(Legal.DURATION)
        public @Nullable String every;

        /** Before the current version expires: at least P7D. */
        @Size(max = 10)
        @Pattern(Legal.DURATION)
        public @Nullable String beforeExpiry;

        /** How long each version is valid: at least P28D; absent is without an end. */
        @Size(max = 10)
        @Pattern(Legal.DURATION)
        public @Nullable String expires;

        /** How long before a version expires that is announced: at least P7D; absent is not at all. */
        @Size(max = 10)
        @Pattern(Legal.DURATION)
        public @Nullable String notifyBefore;
    }

    /** A key that was made elsewhere. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public static class Import {

        /** A JWK that kluis seal encrypted for this vault and this name: kluis1:..., safe in git. */
        @Required
        @Size(min = 95, max = 34227)
        @Pattern("^kluis1:[A-Za-z0-9_-]+$")
        public String sealed = "";
    }
}
