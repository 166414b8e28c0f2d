package dev.kluis.store.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kluis.testkit.ApiServer;
import dev.kluis.vault.VaultId;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class KubernetesAnchorIT {

    private static final VaultId PAYMENTS = new VaultId("payments", "payments");
    private static final VaultId LEDGER = new VaultId("payments", "ledger");

    private final String namespace = ApiServer.shared().newNamespace("anchor");
    private final KubernetesAnchor anchor =
            new KubernetesAnchor(ApiServer.shared().client(), namespace);

    @Test
    void fault_21_a_late_number_puts_no_higher_one_back() {
        assertThat(anchor.read()).isEmpty();
        anchor.write(Map.of(PAYMENTS, 7L, LEDGER, 2L));
        anchor.write(Map.of(PAYMENTS, 5L));
        anchor.write(Map.of(LEDGER, 3L));
        assertThat(anchor.read()).containsExactlyInAnyOrderEntriesOf(Map.of(PAYMENTS, 7L, LEDGER, 3L));

        anchor.write(Map.of(PAYMENTS, 0L));
        anchor.write(Map.of(PAYMENTS, 1L));
        assertThat(anchor.read()).as("what was given up begins anew").containsEntry(PAYMENTS, 1L);
    }

    @Test
    void fault_21_of_many_writers_at_once_the_highest_number_stays() throws Exception {
        var writers = new ArrayList<Callable<Boolean>>();
        for (long number = 1; number <= 24; number++) {
            var numbers = Map.of(PAYMENTS, number);
            writers.add(() -> {
                anchor.write(numbers);
                return true;
            });
        }
        try (var executor = Executors.newFixedThreadPool(4)) {
            for (var done : executor.invokeAll(writers)) {
                assertThat(done.get()).isTrue();
            }
        }
        assertThat(anchor.read()).containsEntry(PAYMENTS, 24L);
    }
}
