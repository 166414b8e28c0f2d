package dev.kluis.vault.audit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.kluis.vault.audit.AuditOutlet.Policy;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AuditOutletTest {

    private final List<String> good = new CopyOnWriteArrayList<>();
    private final List<String> bad = new CopyOnWriteArrayList<>();
    private final CountDownLatch repaired = new CountDownLatch(1);
    private final AtomicInteger troubles = new AtomicInteger();

    private AuditOutlet outlet(String name, Policy policy, int capacity, LineWriter writer) {
        return new AuditOutlet(
                new AuditOutlet.Settings(name, policy, capacity, Duration.ofMillis(50), Duration.ofMillis(500)),
                writer,
                new Random(1),
                (sink, attempt, cause) -> troubles.incrementAndGet());
    }

    /** Hangs as a stuck disk or a peer that does not answer, until it is repaired. */
    private void hang(List<String> lines) throws IOException {
        try {
            repaired.await();
            bad.addAll(lines);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Test
    void fault_11_a_sink_that_hangs_and_blocks_refuses_operations_in_time_and_freezes_no_other() {
        var lines = new Lines(
                outlet("good", Policy.BLOCK, 100, good::addAll), outlet("stuck", Policy.BLOCK, 8, this::hang));
        lines.chain.signWith(Lines.KEY);
        lines.records(0, 8);

        assertThatThrownBy(lines.chain::admit)
                .isInstanceOf(AuditUnavailableException.class)
                .hasMessageContaining("'stuck'");
        await().untilAsserted(() -> assertThat(good).isEqualTo(lines.all));

        repaired.countDown();
        await().untilAsserted(() -> assertThat(bad).isEqualTo(lines.all));
        lines.records(8, 12).chain.close();
        assertThat(bad).isEqualTo(lines.all).isEqualTo(good);
        assertThat(Lines.verify(bad).complete()).isTrue();
    }

    @Test
    void fault_11_a_sink_that_hangs_and_goes_on_counts_what_it_leaves_out_and_says_so() {
        var stuck = outlet("stuck", Policy.CONTINUE, 4, this::hang);
        var lines = new Lines(outlet("good", Policy.BLOCK, 100, good::addAll), stuck);
        lines.chain.signWith(Lines.KEY);
        lines.records(0, 40);
        await().untilAsserted(() -> assertThat(good).isEqualTo(lines.all));
        assertThat(stuck.dropped()).isGreaterThan(30);

        repaired.countDown();
        await().until(() -> stuck.queued() == 0);
        lines.records(40, 43).chain.close();

        assertThat(good).isEqualTo(lines.all);
        assertThat(Lines.verify(good).complete()).isTrue();
        assertThat(bad).hasSizeLessThan(good.size()).anyMatch(line -> line.contains("AuditDropped"));
        var report = Lines.verify(bad);
        assertThat(report.findings()).isEmpty();
        assertThat(report.complete()).isTrue();
        assertThat(report.instances().getFirst().dropped()).isEqualTo(stuck.dropped());
        assertThat(Lines.verify(bad, new AuditVerification.Options(false, false, Optional.of("good")), Lines.KEY)
                        .intact())
                .as("what one sink dropped excuses no other")
                .isFalse();
        var less = new ArrayList<>(bad);
        less.remove(1);
        assertThat(Lines.verify(less).intact()).isFalse();
    }

    @Test
    void fault_11_a_full_disk_refuses_operations_or_is_counted_as_declared() throws IOException {
        var full = Path.of("/dev/full");
        assumeThat(full).exists();
        try (var device = new FileOutputStream(full.toFile())) {
            var writer = LineWriter.to(device);
            var blocking = outlet("full", Policy.BLOCK, 4, writer);
            var counting = outlet("counted", Policy.CONTINUE, 4, writer);
            var lines = new Lines(blocking, counting, outlet("good", Policy.BLOCK, 100, good::addAll));
            lines.records(0, 4);

            assertThatThrownBy(lines.chain::admit)
                    .isInstanceOf(AuditUnavailableException.class)
                    .hasMessageContaining("'full'");
            await().untilAsserted(() -> assertThat(good).hasSize(4));
            await().until(() -> troubles.get() > 3);
            assertThat(blocking.written()).isZero();
            assertThat(blocking.failures()).isPositive();
            lines.chain.close();
            assertThat(blocking.dropped()).as("what closing lost is counted").isEqualTo(4);
        }
    }

    @Test
    void fault_11_a_sink_that_hangs_for_ever_does_not_hold_up_the_stop() {
        var lines = new Lines(outlet("stuck", Policy.BLOCK, 8, this::hang));
        lines.records(0, 3).chain.close();

        assertThat(bad).isEmpty();
    }

    @Test
    void fault_11_many_callers_and_a_sink_that_fails_now_and_then_lose_nothing_and_do_not_deadlock() throws Exception {
        var random = new Random(7);
        var flaky = outlet("flaky", Policy.BLOCK, 64, lines -> {
            if (random.nextInt(4) == 0) {
                throw new LineWriter.LaterException("busy", Optional.of(Duration.ofMillis(1)));
            }
            bad.addAll(lines);
        });
        var lines = new Lines(flaky);
        lines.chain.signWith(Lines.KEY);
        var refused = new AtomicInteger();
        var callers = new ArrayList<Thread>();
        for (int caller = 0; caller < 8; caller++) {
            callers.add(Thread.ofVirtual().start(() -> {
                for (int i = 0; i < 50; i++) {
                    try {
                        lines.chain.admit();
                        lines.chain.accept(Lines.record(i));
                    } catch (AuditUnavailableException e) {
                        refused.incrementAndGet();
                    }
                }
            }));
        }
        for (var caller : callers) {
            caller.join();
        }
        assertThat(lines.chain.flush(Duration.ofSeconds(30))).isTrue();
        lines.chain.close();

        var report = Lines.verify(bad);
        assertThat(report.complete()).isTrue();
        assertThat(bad.stream().filter(line -> line.contains("AuditEvent"))).hasSize(400 - refused.get());
    }

    @Test
    void flushing_waits_for_sinks_that_block_and_for_no_other() throws Exception {
        var lines = new Lines(outlet("stuck", Policy.CONTINUE, 8, this::hang));
        lines.records(0, 1);
        assertThat(lines.chain.flush(Duration.ZERO)).isTrue();

        var blocked = new Lines(outlet("stuck", Policy.BLOCK, 8, this::hang));
        blocked.records(0, 1);
        assertThat(blocked.chain.flush(Duration.ofMillis(10))).isFalse();
        repaired.countDown();
        assertThat(blocked.chain.flush(Duration.ofSeconds(30))).isTrue();
    }

    @Test
    void standard_output_gets_each_line_with_its_end(@org.junit.jupiter.api.io.TempDir Path folder) throws IOException {
        try (var out = Files.newOutputStream(folder.resolve("out"))) {
            LineWriter.to(out).write(List.of("one", "two"));
        }
        assertThat(Files.readString(folder.resolve("out"), US_ASCII)).isEqualTo("one\ntwo\n");
    }
}
