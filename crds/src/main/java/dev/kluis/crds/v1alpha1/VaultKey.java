package dev.kluis.crds.v1alpha1;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/** A key of a vault. */
@Group("kluis.dev")
@Version("v1alpha1")
@ShortNames("kk")
@AdditionalPrinterColumn(name = "Vault", jsonPath = ".status.vault", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "Version",
        jsonPath = ".status.currentVersion",
        type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "Next-event",
        jsonPath = ".status.nextEvent",
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
        value = "has(self.spec) && (has(self.spec.name) || self.metadata.name.matches('^[0-9a-zA-Z-]{1,127}$'))",
        message =
                "the object's name is 1 to 127 of [0-9a-zA-Z-]: this resource's name is not, so write one as spec.name")
@ValidationRule(
        value = "!has(oldSelf.spec) || (has(oldSelf.spec.name) ? oldSelf.spec.name : oldSelf.metadata.name)"
                + " == (has(self.spec.name) ? self.spec.name : self.metadata.name)",
        message = "the object's name is fixed: delete this resource and apply one with the other name")
public class VaultKey extends CustomResource<VaultKeySpec, VaultKeyStatus> implements Namespaced {

    private static final long serialVersionUID = 1L;
}
