package dev.kluis.vault.engine;

import static dev.kluis.vault.engine.Engine.PAYMENTS;
import static dev.kluis.vault.engine.Engine.secret;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.kluis.vault.Caller;
import dev.kluis.vault.ObjectKind;
import dev.kluis.vault.Operation;
import dev.kluis.vault.Timekeeper;
import dev.kluis.vault.Vault;
import dev.kluis.vault.VaultOperations.VaultDelete;
import dev.kluis.vault.VaultOperations.VaultPurge;
import dev.kluis.vault.access.Role;
import dev.kluis.vault.audit.AuditChain;
import dev.kluis.vault.audit.AuditLine;
import dev.kluis.vault.audit.AuditOutlet;
import dev.kluis.vault.audit.AuditOutlet.Policy;
import dev.kluis.vault.audit.AuditUnavailableException;
import dev.kluis.vault.object.ObjectOperations.ObjectDelete;
import dev.kluis.vault.object.ObjectOperations.ObjectPurge;
import dev.kluis.vault.record.MalformedRecordException;
import dev.kluis.vault.record.RecordHeader;
import dev.kluis.vault.seal.RootKeySeal;
import dev.kluis.vault.store.FaultyStore;
import dev.kluis.vault.store.FaultyStore.Fate;
import dev.kluis.vault.store.FaultyStore.Killed;
import dev.kluis.vault.store.FaultyStore.Step;
import dev.kluis.vault.store.Stored;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Kills between a change and its line in the audit. What a sink has not written then is lost. */
@Timeout(60)
class AuditFaultsTest {

    private static final int OPEN = 1_000_000;

    private final Engine engine = new Engine().withVault();
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final List<String> changes = new CopyOnWriteArrayList<>();

    /** A process whose audit's sink writes as many batches of lines as it is let. */
    private final class Running implements AutoCloseable {
        final FaultyStore store = new FaultyStore(engine.store);
        final Semaphore batches = new Semaphore(0);
        final AuditOutlet outlet;
        final AuditChain chain;
        final Vault vault;

        Running(Policy policy, int capacity) {
            outlet = new AuditOutlet(
                    new AuditOutlet.Settings("file", policy, capacity, Duration.ofMillis(50), Duration.ofSeconds(1)),
                    this::write,
                    engine.random,
                    (sink, attempt, cause) -> {});
            chain = new AuditChain(
                    new AuditChain.Settings("1".repeat(32), 100, Duration.ofMinutes(1), Optional.empty()),
                    () -> engine.now,
                    List.of(outlet),
                    (number, line) -> {});
            store.onWritten(this::changed);
            vault = Engine.started(new Vault.Surroundings(
                    store,
                    store.anchor(engine.anchor),
                    new RootKeySeal("test", engine.root, engine.random),
                    engine.assignments,
                    chain,
                    engine.newer::add,
                    new Timekeeper(() -> engine.now, () -> engine.passed.toNanos()),
                    engine.random,
                    engine.keys));
        }

        private void write(List<String> batch) throws IOException {
            try {
                batches.acquire();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
            if (!store.killed()) {
                lines.addAll(batch);
            }
        }

        private void changed(Stored stored) {
            if (stored.id().kind() != ObjectKind.CHECKPOINT) {
                try {
                    changes.add(RecordHeader.decode(stored.bytes().header()).operationId());
                } catch (MalformedRecordException e) {
                    throw new AssertionError(e);
                }
            }
        }

        Running letWrite() {
            batches.release(OPEN);
            return this;
        }

        /** Another caller, who is at a step that needs the audit or done when this returns. */
        Thread meanwhile(Caller caller, Operation<?> operation) {
            var thread = Thread.ofPlatform().start(() -> {
                try {
                    vault.execute(caller, operation);
                } catch (Killed | AuditUnavailableException e) {
                    // As the test makes it.
                }
            });
            await().until(() ->
                    List.of(Thread.State.TIMED_WAITING, Thread.State.TERMINATED).contains(thread.getState()));
            return thread;
        }

        @Override
        public void close() {
            store.kill();
            batches.release(OPEN);
            vault.close();
            chain.close();
        }
    }

    AuditFaultsTest() {
        engine.vault.checkpoint(); // so that the start tells nothing again but what a test changes
    }

    private Running process(Policy policy) {
        engine.vault.close();
        return new Running(policy, 100);
    }

    private void assertThatEveryChangeHasOneLine() throws Exception {
        try (var next = process(Policy.BLOCK).letWrite()) {
            assertThat(next.chain.flush(Duration.ofSeconds(30))).isTrue();
        }
        var told = new ArrayList<String>();
        var toldAgain = new ArrayList<String>();
        for (var text : lines) {
            var line = AuditLine.parse(text.getBytes(US_ASCII));
            (line.field("replayed").isPresent() ? toldAgain : told)
                    .add(line.field("correlationId").orElseThrow());
        }
        assertThat(told).doesNotHaveDuplicates();
        told.addAll(toldAgain);
        assertThat(told).containsAll(changes);
    }

    @Test
    void fault_19_killed_after_a_change_and_the_next_of_the_same_object_neither_lost_its_line() throws Exception {
        Thread second;
        try (var process = process(Policy.BLOCK)) {
            process.vault.execute(engine.with(Role.SECRETS_OFFICER), Engine.set("a", "one"));
            second = process.meanwhile(engine.with(Role.SECRETS_OFFICER), Engine.set("a", "two"));
        }
        second.join();
        assertThatEveryChangeHasOneLine();
    }

    @Test
    void fault_19_killed_at_the_next_change_after_the_line_of_the_first_both_have_one() throws Exception {
        Thread second;
        try (var process = process(Policy.BLOCK)) {
            process.vault.execute(engine.with(Role.SECRETS_OFFICER), Engine.set("a", "one"));
            second = process.meanwhile(engine.with(Role.SECRETS_OFFICER), Engine.set("a", "two"));
            assertThat(changes).hasSize(1);
            process.store.plan(step -> step == Step.COMPARE_AND_SET ? Fate.KILLED_AFTER : Fate.DONE);
            process.batches.release();
            second.join();
            assertThat(process.store.killed()).isTrue();
        }
        assertThat(lines).hasSize(1);
        assertThat(changes).hasSize(2);
        assertThatEveryChangeHasOneLine();
    }

    @Test
    void fault_19_what_the_start_tells_again_is_not_written_over_before_it_is_told() throws Exception {
        engine.put("a", "one");
        changes.add(engine.audit.getLast().operationId());
        Thread second;
        try (var process = process(Policy.BLOCK)) {
            second = process.meanwhile(engine.with(Role.SECRETS_OFFICER), Engine.set("a", "two"));
        }
        second.join();
        assertThat(lines).isEmpty();
        assertThatEveryChangeHasOneLine();
    }

    @Test
    void fault_19_what_a_purged_vault_leaves_goes_only_when_what_it_tells_is_told() throws Exception {
        Thread last;
        try (var process = process(Policy.BLOCK)) {
            process.letWrite();
            var officer = engine.with(Role.SECRETS_OFFICER);
            process.vault.execute(officer, Engine.set("a", "one"));
            process.vault.execute(officer, new ObjectDelete(secret("a")));
            process.vault.execute(Engine.DECLARATION, new VaultDelete(PAYMENTS));
            assertThat(process.chain.flush(Duration.ofSeconds(30))).isTrue();
            process.batches.drainPermits();
            engine.pass(Duration.ofDays(91));
            process.vault.execute(new Caller.Clockwork(), new ObjectPurge(secret("a")));
            last = process.meanwhile(new Caller.Clockwork(), new VaultPurge(PAYMENTS));
            assertThat(process.store.killed()).isFalse();
        }
        last.join();
        assertThatEveryChangeHasOneLine();
    }

    @Test
    void fault_11_a_change_is_refused_in_time_while_the_line_of_the_one_before_it_is_stuck_and_others_are_not() {
        try (var process = process(Policy.BLOCK)) {
            var officer = engine.with(Role.SECRETS_OFFICER);
            process.vault.execute(officer, Engine.set("a", "one"));
            assertThatThrownBy(() -> process.vault.execute(officer, Engine.set("a", "two")))
                    .isInstanceOf(AuditUnavailableException.class)
                    .hasMessageContaining("before this one");
            process.vault.execute(officer, Engine.set("b", "other"));
            assertThat(changes).hasSize(2);

            process.letWrite();
            process.vault.execute(officer, Engine.set("a", "two"));
            assertThat(changes).hasSize(3);
        }
    }

    @Test
    void fault_11_where_the_policy_is_to_go_on_changes_follow_each_other_and_what_is_left_out_is_counted() {
        engine.vault.close();
        try (var process = new Running(Policy.CONTINUE, 2)) {
            for (int i = 0; i < 10; i++) {
                process.vault.execute(engine.with(Role.SECRETS_OFFICER), Engine.set("a", "value " + i));
            }
            assertThat(changes).hasSize(10);
            assertThat(process.outlet.dropped()).isGreaterThanOrEqualTo(7);
        }
    }
}
