package dev.kluis.crds.v1alpha1;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/** A vault of its namespace. */
@Group("kluis.dev")
@Version("v1alpha1")
@ShortNames("kv")
@AdditionalPrinterColumn(
        name = "Secrets",
        jsonPath = ".status.objects.secrets",
        type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
        name = "Next-event",
        jsonPath = ".status.scheduledPurge",
        type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "Ready",
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].status",
        type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "Age",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
@ValidationRule(
        value = "self.metadata.name.matches('^[a-z][a-z0-9-]{1,22}[a-z0-9]$')",
        message = "a vault's name is 3 to 24 of [a-z0-9-], starts with a letter and does not end with a dash")
@ValidationRule(
        value = "!(self.metadata.name in ['login', 'kluis', 'vault', 'managedhsm'])",
        message = "this vault name is reserved: choose another one")
@ValidationRule(
        value = "!has(oldSelf.spec) || (has(oldSelf.spec.retention) ? oldSelf.spec.retention : 'P90D')"
                + " == (has(self.spec) && has(self.spec.retention) ? self.spec.retention : 'P90D')",
        message = "retention is fixed at creation: write the value that the vault has")
@ValidationRule(
        value = "!has(oldSelf.spec) || !has(oldSelf.spec.purgeProtection) || !oldSelf.spec.purgeProtection"
                + " || (has(self.spec) && has(self.spec.purgeProtection) && self.spec.purgeProtection)",
        message = "purgeProtection cannot be turned off or removed once it is true")
public class Vault extends CustomResource<VaultSpec, VaultStatus> implements Namespaced {

    private static final long serialVersionUID = 1L;
}
