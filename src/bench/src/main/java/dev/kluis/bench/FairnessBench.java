package dev.kluis.bench;

import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/** Measures what one client waits who asks one thing after the other, alone and beside one who asks as much as he can. */
final class FairnessBench {

    private final Report report;
    private final ApiOperator operator;

    FairnessBench(Report report, ApiOperator operator) {
        this.report = report;
        this.operator = operator;
    }

    /** @param greedy the connections of the other one */
    void measure(BlockingQueue<HttpsConnection> greedy, String greedyHead) throws Exception {
        String head = operator.headAs("modest");
        try (var modest = operator.connect()) {
            var connection = new ArrayBlockingQueue<>(1, false, List.of(modest));
            compare(ApiBench.get(head), 10_000, connection, ApiBench.get(greedyHead), greedy);
            compare(sign(head), 2_000, connection, sign(greedyHead), greedy);
        }
    }

    private static ApiCall sign(String head) {
        return ApiBench.sign(head, "rsa2048", "sign RSA-2048", 0, 256);
    }

    private void compare(
            ApiCall call,
            int times,
            BlockingQueue<HttpsConnection> modest,
            ApiCall others,
            BlockingQueue<HttpsConnection> greedy)
            throws Exception {
        int each = report.effort().of(times);
        var work = ApiBench.work(call, modest);
        var alone = new Clients(1).round(each, work);
        report.add(Result.rate("one modest client alone, " + call.what(), List.of(alone)));
        var enough = new AtomicBoolean();
        var theirs = ApiBench.work(others, greedy);
        var load = Thread.ofPlatform().start(() -> {
            try {
                new Clients(greedy.size()).round(Integer.MAX_VALUE, number -> theirs.once(number), enough::get);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        try {
            new Clients(1).round(each / 4, work); // until the other one is at work
            var beside = new Clients(1).round(each, work);
            report.add(Result.rate("one modest client beside a greedy one, " + call.what(), List.of(beside)));
        } finally {
            enough.set(true);
            load.join();
        }
    }
}
