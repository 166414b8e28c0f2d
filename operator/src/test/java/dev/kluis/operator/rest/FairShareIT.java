package dev.kluis.operator.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kluis.crds.v1alpha1.Vault;
import dev.kluis.operator.TestOperator;
import dev.kluis.testkit.ApiServer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** What a Vault declares that each identity has of it. */
class FairShareIT {

    private final TestOperator operator = TestOperator.shared();
    private final String ns = ApiServer.shared().newNamespace("fair");
    private final String vault = "f" + ns.substring(ns.length() - 8);
    private final String path = "/vaults/" + ns + "/" + vault + "/secrets/s";

    private void declare(String share) {
        operator.awaitReady(operator.apply(Vault.class, ns, """
                apiVersion: kluis.dev/v1alpha1
                kind: Vault
                metadata: {name: %s}
                spec: {fairShare: %s}
                """.formatted(vault, share)));
        for (String account : List.of("greedy", "modest")) {
            operator.grant(ns, vault, account, "Secrets Officer");
        }
    }

    @Test
    void whoever_asks_for_more_than_his_rate_is_told_when_to_come_again_and_others_are_not() {
        declare("{requestsPerSecond: 1, burst: 4}");
        var greedy = Api.as(operator, ns, "greedy");
        var modest = Api.as(operator, ns, "modest");
        assertThat(modest.put(path, "{\"value\":\"v\"}").status()).isEqualTo(200);
        var answers = new ArrayList<Api.Answer>();
        while (answers.isEmpty() || (answers.getLast().status() == 200 && answers.size() < 200)) {
            answers.add(greedy.get(path));
        }
        assertThat(answers).hasSizeGreaterThan(4);
        var refused = answers.getLast();
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.code()).isEqualTo("Throttled");
        assertThat(refused.response().headers().firstValue("Retry-After")).contains("1");
        assertThat(modest.get(path).status()).isEqualTo(200);
    }

    @Test
    void whoever_asks_for_much_at_once_waits_for_himself_and_is_answered() {
        declare("{concurrent: 1}");
        var greedy = Api.as(operator, ns, "greedy");
        assertThat(greedy.put(path, "{\"value\":\"v\"}").status()).isEqualTo(200);
        try (var workers = Executors.newVirtualThreadPerTaskExecutor()) {
            var asked = new ArrayList<CompletableFuture<Api.Answer>>();
            for (int i = 0; i < 32; i++) {
                asked.add(CompletableFuture.supplyAsync(() -> greedy.get(path), workers));
            }
            assertThat(asked).allSatisfy(one -> assertThat(one.join().status()).isEqualTo(200));
        }
    }
}
