package dev.kluis.vault.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.kluis.vault.Caller;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.Source;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.VaultOperations.VaultGet;
import dev.kluis.vault.record.RecordHeader;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AuditTrailTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Caller USER = new Caller.User("jane", List.of());

    private final List<AuditRecord> records = new ArrayList<>();
    private final AtomicInteger admitted = new AtomicInteger();
    private final AuditTrail trail = new AuditTrail(
            new AuditSink() {
                @Override
                public void accept(AuditRecord record) {
                    admitted.decrementAndGet();
                    records.add(record);
                }

                @Override
                public void admit() {
                    admitted.incrementAndGet();
                }

                @Override
                public void withdraw() {
                    admitted.decrementAndGet();
                }
            },
            () -> NOW.plusMillis(7));

    private AuditTrail.Entry begin() {
        return trail.begin(USER, Source.at("10.0.0.1"), new VaultGet(Lines.PAYMENTS), "0".repeat(32), NOW);
    }

    @Test
    void a_success_a_refusal_and_a_failure_leave_one_record_each() {
        try (var entry = begin()) {
            entry.allowedBy(Optional.of("payments/reader"));
            entry.succeeded(Optional.empty());
            entry.failed(new IllegalStateException("told already"));
        }
        try (var entry = begin()) {
            entry.failed(new VaultException(VaultException.Code.FORBIDDEN, "no"));
        }
        try (var entry = begin()) {
            entry.failed(new IllegalStateException("canary: only a refusal's text is told"));
        }

        assertThat(records)
                .extracting(
                        record -> record.result().type() + " " + record.result().status())
                .containsExactly("Success 200", "FORBIDDEN 403", "Error 500");
        assertThat(records.getFirst().assignment()).contains("payments/reader");
        assertThat(records.getFirst().duration()).isEqualTo(Duration.ofMillis(7));
        assertThat(records.getFirst().identity().program()).isFalse();
        assertThat(records.toString()).doesNotContain("canary");
        assertThat(admitted).hasValue(0);
    }

    @Test
    void an_operation_that_ends_without_a_record_gives_its_place_back() {
        begin().close();

        assertThat(records).isEmpty();
        assertThat(admitted).hasValue(0);
    }

    @Test
    void what_a_crash_swallowed_is_told_again_from_the_stored_record() {
        var header = new RecordHeader(
                ObjectId.secret(Lines.PAYMENTS, "db"),
                "1".repeat(32),
                7,
                NOW,
                "2".repeat(32),
                "SecretSet",
                "system:serviceaccount:payments:api",
                Optional.empty(),
                RecordHeader.NO_PREVIOUS,
                RecordHeader.NO_PREVIOUS);

        trail.replay(header);

        var record = records.getFirst();
        assertThat(record.replayed()).isTrue();
        assertThat(record.operationId()).isEqualTo("2".repeat(32));
        assertThat(record.operation()).isEqualTo("SecretSet");
        assertThat(record.time()).isEqualTo(NOW);
        assertThat(record.identity().program()).isTrue();
        var lines = new Lines();
        lines.chain.accept(record);
        assertThat(lines.all.getFirst()).contains("\"replayed\":true", "\"correlationId\":\"" + "2".repeat(32) + "\"");
    }

    @Test
    void it_settles_when_every_operation_that_may_have_stored_something_is_told() throws Exception {
        assertThat(trail.settle(Duration.ZERO)).accepts(Lines.PAYMENTS);
        var entry = begin();
        trail.beforeWrite(Lines.PAYMENTS, entry.operationId(), Optional.empty());
        assertThat(trail.settle(Duration.ofMillis(1))).rejects(Lines.PAYMENTS);

        var settled = new CompletableFuture<Boolean>();
        var waiting = Thread.ofPlatform().start(() -> {
            try {
                settled.complete(trail.settle(Duration.ofSeconds(30)).test(Lines.PAYMENTS));
            } catch (InterruptedException e) {
                settled.completeExceptionally(e);
            }
        });
        await().until(() -> waiting.getState() == Thread.State.TIMED_WAITING);
        entry.succeeded(Optional.empty());
        assertThat(settled).isNotDone();
        entry.close();
        assertThat(settled.get(30, TimeUnit.SECONDS)).isTrue();
        assertThat(records).hasSize(1);
    }

    @Test
    void an_operation_that_has_stored_nothing_yet_is_not_waited_for_however_long_it_takes() throws Exception {
        try (var entry = begin()) {
            assertThat(trail.settle(Duration.ofMillis(1))).accepts(Lines.PAYMENTS);
            entry.succeeded(Optional.empty());
        }
    }

    @Test
    void an_operation_that_does_not_end_holds_up_its_own_vault_alone() throws Exception {
        try (var entry = begin()) {
            trail.beforeWrite(Lines.PAYMENTS, entry.operationId(), Optional.empty());
            assertThat(trail.settle(Duration.ofMillis(1)))
                    .rejects(Lines.PAYMENTS)
                    .accepts(new VaultId("billing", "billing"));
        }
    }

    /** Holds each record until it is said to be written. */
    private static final class SlowSink implements AuditSink {
        final List<AuditRecord> taken = new CopyOnWriteArrayList<>();
        final CountDownLatch written = new CountDownLatch(1);

        @Override
        public void accept(AuditRecord record) {
            taken.add(record);
        }

        @Override
        public Told take(AuditRecord record) {
            accept(record);
            return limit -> written.await(limit.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private static RecordHeader written(String operationId) {
        return new RecordHeader(
                ObjectId.secret(Lines.PAYMENTS, "db"),
                "1".repeat(32),
                7,
                NOW,
                operationId,
                "SecretSet",
                "jane",
                Optional.empty(),
                RecordHeader.NO_PREVIOUS,
                RecordHeader.NO_PREVIOUS);
    }

    private static AuditTrail.Entry begin(AuditTrail trail, String operationId) {
        return trail.begin(USER, Source.NONE, new VaultGet(Lines.PAYMENTS), operationId, NOW);
    }

    @Test
    void a_change_is_not_written_over_before_its_line_is_and_the_wait_has_an_end() {
        var sink = new SlowSink();
        var slow = new AuditTrail(sink, () -> NOW, Duration.ofMillis(5));
        String one = "1".repeat(32);
        String two = "2".repeat(32);
        try (var entry = begin(slow, one)) {
            slow.beforeWrite(Lines.PAYMENTS, one, Optional.empty());
            assertThatThrownBy(() -> slow.beforeWrite(Lines.PAYMENTS, two, Optional.of(written(one))))
                    .as("it is under way")
                    .isInstanceOf(AuditUnavailableException.class);
            entry.succeeded(Optional.empty());
        }

        assertThatThrownBy(() -> slow.beforeWrite(Lines.PAYMENTS, two, Optional.of(written(one))))
                .as("its line is in a queue")
                .isInstanceOf(AuditUnavailableException.class)
                .hasMessageContaining("payments/payments/secrets/db");
        slow.beforeWrite(Lines.PAYMENTS, two, Optional.of(written("3".repeat(32)))); // of a time before this process
        slow.beforeWrite(Lines.PAYMENTS, one, Optional.of(written(one))); // its own, of an attempt before

        sink.written.countDown();
        slow.beforeWrite(Lines.PAYMENTS, two, Optional.of(written(one)));
        assertThat(sink.taken).hasSize(1);
    }

    @Test
    void a_change_that_ended_without_a_line_is_told_from_its_record_by_who_writes_over_it() {
        String one = "1".repeat(32);
        try (var entry = begin(trail, one)) {
            assertThat(entry.operationId()).isEqualTo(one);
            trail.beforeWrite(Lines.PAYMENTS, one, Optional.empty());
        }
        assertThat(records).isEmpty();

        trail.beforeWrite(Lines.PAYMENTS, "2".repeat(32), Optional.of(written(one)));
        trail.beforeWrite(Lines.PAYMENTS, "3".repeat(32), Optional.of(written(one)));

        assertThat(records).singleElement().satisfies(record -> {
            assertThat(record.operationId()).isEqualTo(one);
            assertThat(record.replayed()).isTrue();
        });
        assertThat(admitted).hasValue(0);
    }

    @Test
    void what_is_told_again_at_the_start_is_not_written_over_before_its_line_is() {
        var sink = new SlowSink();
        var slow = new AuditTrail(sink, () -> NOW, Duration.ofMillis(5));
        slow.replay(written("1".repeat(32)));

        assertThatThrownBy(() -> slow.beforeLoss(written("1".repeat(32))))
                .isInstanceOf(AuditUnavailableException.class);
        sink.written.countDown();
        slow.beforeLoss(written("1".repeat(32)));
    }

    @Test
    void what_has_no_place_is_not_begun() {
        var full = new AuditTrail(
                new AuditSink() {
                    @Override
                    public void accept(AuditRecord record) {
                        throw new AssertionError("not admitted");
                    }

                    @Override
                    public void admit() {
                        throw AuditUnavailableException.full("file");
                    }
                },
                () -> NOW);

        assertThatThrownBy(() -> full.begin(USER, Source.NONE, new VaultGet(Lines.PAYMENTS), "0".repeat(32), NOW))
                .isInstanceOf(AuditUnavailableException.class)
                .hasMessageContaining("'file'");
    }
}
