package dev.kluis.crds.v1alpha1;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/** A role of its namespace's own, for AccessAssignments there. */
@Group("kluis.dev")
@Version("v1alpha1")
@ShortNames("kvr")
@AdditionalPrinterColumn(
        name = "Ready",
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].status",
        type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "Age",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
@ValidationRule(
        value = "self.metadata.name.matches('" + Legal.ROLE_NAME + "')",
        message = "a role's name is 1 to 63 of [a-z0-9.-]")
@ValidationRule(
        value = "!(self.metadata.name.replace('-', '').replace('.', '') in ['administrator', 'secretsofficer',"
                + " 'secretsuser', 'cryptoofficer', 'cryptouser', 'cryptoserviceencryptionuser',"
                + " 'cryptoservicereleaseuser', 'certificatesofficer', 'certificateuser', 'reader', 'purgeoperator',"
                + " 'dataaccessadministrator'])",
        message = "this name reads like a built-in role: choose another one")
public class VaultRole extends CustomResource<VaultRoleSpec, VaultRoleStatus> implements Namespaced {

    private static final long serialVersionUID = 1L;
}
