package dev.kluis.crds.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.ArrayList;
import java.util.List;

@JsonInclude(JsonInclude.Include.NON_NULL)
public class VaultRoleSpec {

    private static final String IDS = ""
            + "'secrets/getSecret/action', 'secrets/readMetadata/action', "
            + "'secrets/setSecret/action', 'secrets/update/action', 'secrets/delete', "
            + "'secrets/recover/action', 'secrets/purge/action', 'secrets/backup/action', "
            + "'secrets/restore/action', 'keys/read', 'keys/create/action', "
            + "'keys/import/action', 'keys/update/action', 'keys/delete', 'keys/recover/action', "
            + "'keys/purge/action', 'keys/backup/action', 'keys/restore/action', "
            + "'keys/encrypt/action', 'keys/decrypt/action', 'keys/wrap/action', "
            + "'keys/unwrap/action', 'keys/sign/action', 'keys/verify/action', "
            + "'keys/release/action', 'keys/rotate/action', 'keyrotationpolicies/read', "
            + "'keyrotationpolicies/write', 'rng/action', 'certificates/read', 'certificates/create/action', "
            + "'certificates/import/action', 'certificates/update/action', "
            + "'certificates/delete', 'certificates/recover/action', "
            + "'certificates/purge/action', 'certificates/backup/action', "
            + "'certificates/restore/action', 'certificatecas/read', 'certificatecas/write', "
            + "'certificatecas/delete', 'certificatecontacts/write'";

    /** Key Vault's data actions, such as {@code secrets/getSecret/action}; with a wildcard at one end, several. */
    @Required
    @Size(min = 1, max = 64)
    @ValidationRule(
            value = "self.all(action, action in [" + IDS + "]"
                    + " || action in ['*', 'secrets/*', 'keys/*', 'keyrotationpolicies/*', 'certificates/*',"
                    + " 'certificatecas/*', 'certificatecontacts/*'] || action.matches('^\\\\*/[a-zA-Z]+(/action)?$'))",
            message = "a data action is one of Key Vault's ids without Microsoft.KeyVault/vaults/, such as"
                    + " secrets/getSecret/action, or *, or a collection such as secrets/*, or a name such as */read")
    public List<@Size(max = 64) String> dataActions = new ArrayList<>();
}
