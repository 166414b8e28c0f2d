package dev.kluis.operator.vault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kluis.vault.Lifecycle;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.Vault.Summary;
import dev.kluis.vault.VaultId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ObjectCountsTest {

    private static final VaultId VAULT = new VaultId("team", "ours");
    private static final Lifecycle DELETED = new Lifecycle.Deleted(Instant.EPOCH, Instant.MAX);

    private static Summary summary(ObjectId id, Lifecycle lifecycle) {
        return new Summary(id, Optional.empty(), lifecycle, Optional.empty(), "somebody");
    }

    @Test
    void objects_in_use_are_counted_by_their_kinds_and_deleted_ones_together() {
        var active = new Lifecycle.Active();
        assertThat(ObjectCounts.of(List.of(
                                summary(ObjectId.vault(VAULT), active),
                                summary(ObjectId.secret(VAULT, "a"), active),
                                summary(ObjectId.secret(VAULT, "b"), DELETED),
                                summary(ObjectId.key(VAULT, "a"), active),
                                summary(ObjectId.key(VAULT, "b"), active),
                                summary(ObjectId.key(VAULT, "c"), DELETED))
                        .iterator()))
                .isEqualTo(new ObjectCounts(1, 2, 2));
    }
}
