package dev.kluis.operator.vault;

import dev.kluis.crds.v1alpha1.VaultSpec;
import dev.kluis.operator.kind.Problem;
import dev.kluis.operator.kind.Reason;
import dev.kluis.operator.rest.FairShare;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.VaultSettings;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a Vault's spec says, with the values in force where it says nothing. */
final class DeclaredVault {

    private DeclaredVault() {}

    /** @throws Problem for what the schema lets through and the engine does not */
    static VaultSettings settings(@Nullable VaultSpec declared) {
        var spec = declared == null ? new VaultSpec() : declared;
        try {
            int days = spec.retention == null
                    ? VaultSettings.DEFAULT_RETENTION_DAYS
                    : Math.toIntExact(Duration.parse(spec.retention).toDays());
            var sharedWith = new TreeSet<String>();
            if (spec.sharing != null && spec.sharing.namespaces != null) {
                sharedWith.addAll(spec.sharing.namespaces);
            }
            return new VaultSettings(
                    days,
                    Boolean.TRUE.equals(spec.purgeProtection),
                    sharedWith,
                    Optional.ofNullable(spec.offline).map(Duration::parse));
        } catch (DateTimeParseException | ArithmeticException e) {
            throw new Problem(Reason.InvalidSpec, "a duration is written P<n>D, PT<n>H, PT<n>M or PT<n>S");
        } catch (VaultException e) {
            throw new Problem(Reason.InvalidSpec, String.valueOf(e.getMessage()));
        }
    }

    /** What each identity has of the vault, where that is declared. */
    static Optional<FairShare> fairShare(@Nullable VaultSpec declared) {
        return Optional.ofNullable(declared).map(spec -> spec.fairShare).map(share -> {
            var rate = Optional.ofNullable(share.requestsPerSecond)
                    .map(perSecond -> new FairShare.Rate(perSecond, share.burst == null ? perSecond : share.burst));
            int concurrent = share.concurrent == null ? FairShare.DEFAULT.concurrent() : share.concurrent;
            return new FairShare(concurrent, rate);
        });
    }
}
