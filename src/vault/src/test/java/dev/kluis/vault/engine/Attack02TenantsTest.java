package dev.kluis.vault.engine;

import static dev.kluis.vault.engine.Engine.PAYMENTS;
import static dev.kluis.vault.engine.Engine.account;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kluis.vault.Caller;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.ObjectKind;
import dev.kluis.vault.Operation;
import dev.kluis.vault.Owner;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.VaultOperations.VaultPut;
import dev.kluis.vault.access.Assignment;
import dev.kluis.vault.access.Role;
import dev.kluis.vault.access.Scope;
import dev.kluis.vault.access.Subject;
import dev.kluis.vault.object.ObjectLists.ObjectList;
import dev.kluis.vault.object.ObjectLists.ObjectListDeleted;
import dev.kluis.vault.object.ObjectLists.ObjectListVersions;
import dev.kluis.vault.object.ObjectOperations.ObjectDelete;
import dev.kluis.vault.object.ObjectOperations.ObjectGetMetadata;
import dev.kluis.vault.object.ObjectOperations.ObjectPurge;
import dev.kluis.vault.object.ObjectOperations.ObjectRecover;
import dev.kluis.vault.secret.SecretAttributes;
import dev.kluis.vault.secret.SecretOperations.SecretGet;
import dev.kluis.vault.secret.SecretOperations.SecretSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Attack test 2: lists, counts and texts of refusals show a tenant its own and nothing of others. */
class Attack02TenantsTest {

    private static final VaultId OTHERS = new VaultId("others", "others");

    private final Engine engine = new Engine().withVault();

    private Caller give(String name, VaultId vault, Role role, Scope scope) {
        engine.assignments.put(new Assignment(
                vault.namespace() + "/" + name,
                vault,
                role,
                List.of(new Subject.ServiceAccount("payments", name)),
                scope,
                Optional.empty()));
        return account("payments", name);
    }

    private void withOthers() {
        engine.vault.execute(
                new Caller.Resource(new Owner("Vault", "others", "others"), "uid"),
                new VaultPut(OTHERS, Engine.settings(90, false)));
        give("officer", OTHERS, Role.SECRETS_OFFICER, Scope.WHOLE_VAULT);
        for (String name : List.of("a", "b", "hidden")) {
            engine.vault.execute(
                    account("payments", "officer"),
                    new SecretSet(
                            ObjectId.secret(OTHERS, name),
                            Engine.text("value"),
                            SecretAttributes.NONE,
                            Optional.empty(),
                            Optional.empty()));
        }
    }

    private String refusal(Caller caller, Operation<?> operation) {
        try {
            engine.vault.execute(caller, operation);
            return "done";
        } catch (VaultException e) {
            return e.code() + " " + e.getMessage();
        }
    }

    @Test
    void attack_02_a_list_and_its_pages_hold_what_the_caller_may_see_and_their_number_tells_nothing() {
        for (int i = 0; i < 30; i++) {
            engine.put("hidden-" + i, "value");
        }
        engine.put("mine-1", "value");
        engine.put("mine-2", "value");
        var tenant = give("tenant", PAYMENTS, Role.SECRETS_USER, Scope.secretPrefixes("mine-"));

        var first = engine.vault.execute(tenant, new ObjectList(PAYMENTS, ObjectKind.SECRET, 1, Optional.empty()));
        assertThat(first.entries()).extracting(view -> view.id().name()).containsExactly("mine-1");
        var second = engine.vault.execute(tenant, new ObjectList(PAYMENTS, ObjectKind.SECRET, 1, first.next()));
        assertThat(second.entries()).extracting(view -> view.id().name()).containsExactly("mine-2");
        // No page more, though there are objects more.
        assertThat(second.next()).isEmpty();
        assertThat(engine.vault
                        .execute(tenant, new ObjectListDeleted(PAYMENTS, ObjectKind.SECRET, 25, Optional.empty()))
                        .entries())
                .isEmpty();
    }

    @Test
    void attack_02_a_role_in_one_vault_is_none_in_another() {
        withOthers();
        var tenant = give("tenant", PAYMENTS, Role.ADMINISTRATOR, Scope.WHOLE_VAULT);

        assertThat(engine.vault
                        .execute(tenant, new ObjectList(PAYMENTS, ObjectKind.SECRET, 25, Optional.empty()))
                        .entries())
                .isEmpty();
        assertThat(refusal(tenant, new ObjectList(OTHERS, ObjectKind.SECRET, 25, Optional.empty())))
                .startsWith("FORBIDDEN");
    }

    @Test
    void attack_02_whatever_is_asked_what_is_there_and_what_is_not_are_refused_in_the_same_words() {
        withOthers();
        var tenant = give("tenant", PAYMENTS, Role.SECRETS_USER, Scope.secrets("mine"));
        var nowhere = new VaultId("others", "nowhere");
        for (var question : List.<Function<ObjectId, Operation<?>>>of(
                id -> new SecretGet(id, Optional.empty(), Optional.empty()),
                ObjectGetMetadata::new,
                ObjectDelete::new,
                ObjectPurge::new,
                id -> new ObjectRecover(id, Optional.empty()),
                id -> new ObjectListVersions(id, 25, Optional.empty()))) {
            String there = refusal(tenant, question.apply(ObjectId.secret(OTHERS, "hidden")));
            assertThat(there).startsWith("FORBIDDEN");
            assertThat(refusal(tenant, question.apply(ObjectId.secret(OTHERS, "absent"))))
                    .isEqualTo(there.replace("hidden", "absent"));
            assertThat(refusal(tenant, question.apply(ObjectId.secret(nowhere, "hidden"))))
                    .isEqualTo(there.replace("others/others", "others/nowhere")
                            .replace("vault 'others'", "vault 'nowhere'"));
        }
    }
}
