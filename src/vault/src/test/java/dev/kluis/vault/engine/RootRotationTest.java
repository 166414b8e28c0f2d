package dev.kluis.vault.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kluis.crypto.SealingKey;
import dev.kluis.crypto.SecretAccess;
import dev.kluis.crypto.SecretBytes;
import dev.kluis.vault.Caller;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.Owner;
import dev.kluis.vault.Timekeeper;
import dev.kluis.vault.Vault;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.VaultKeys;
import dev.kluis.vault.VaultOperations.VaultDelete;
import dev.kluis.vault.VaultOperations.VaultPut;
import dev.kluis.vault.access.Assignments;
import dev.kluis.vault.key.SoftwareKeys;
import dev.kluis.vault.seal.RootKeySeal;
import dev.kluis.vault.seal.RootRotation;
import dev.kluis.vault.seal.RootRotation.Progress;
import dev.kluis.vault.seal.Roots;
import dev.kluis.vault.secret.SecretAttributes;
import dev.kluis.vault.secret.SecretOperations.Fetched;
import dev.kluis.vault.secret.SecretOperations.SecretGet;
import dev.kluis.vault.secret.SecretOperations.SecretSet;
import dev.kluis.vault.store.FaultyStore;
import dev.kluis.vault.store.FaultyStore.Fate;
import dev.kluis.vault.store.FaultyStore.Killed;
import dev.kluis.vault.store.FaultyStore.Step;
import dev.kluis.vault.store.MemoryAnchor;
import dev.kluis.vault.store.MemoryStore;
import dev.kluis.vault.store.RecordBytes;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A new root under all vaults, with the process killed at every write on the way. */
class RootRotationTest {

    private static final int VAULTS = 4;

    private final SecureRandom random = new SecureRandom();
    private final MemoryStore memory = new MemoryStore();
    private final Power power = new Power();
    private FaultyStore store = new FaultyStore(memory);
    /** What the Secret holds: survives the process. */
    private final SortedMap<Integer, SealingKey> kept = new TreeMap<>(Map.of(1, SealingKey.generate(random)));

    private final List<VaultId> problems = new ArrayList<>();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private RootKeySeal seal;
    private Vault vault;
    private RootRotation rotation;

    /** The power goes at a write, before or after it is done. */
    private static final class Power {
        private int writes;
        private int killAt = -1;
        private boolean afterwards;

        Fate fate() {
            return writes++ == killAt ? afterwards ? Fate.KILLED_AFTER : Fate.KILLED_BEFORE : Fate.DONE;
        }

        /** A write beside the store, such as of the Secret that holds the roots. */
        void step(Runnable write) {
            var fate = fate();
            if (fate != Fate.KILLED_BEFORE) {
                write.run();
            }
            if (fate != Fate.DONE) {
                throw new Killed();
            }
        }
    }

    private final class Kept implements Roots {
        @Override
        public boolean rotating() {
            return kept.size() > 1;
        }

        @Override
        public void finish() {
            power.step(() -> kept.headMap(kept.lastKey()).clear());
        }
    }

    private void start() {
        if (vault != null) {
            vault.close();
        }
        store = new FaultyStore(memory);
        store.plan(step -> step == Step.COMPARE_AND_SET ? power.fate() : Fate.DONE);
        seal = new RootKeySeal("test", kept, random);
        vault = Engine.started(new Vault.Surroundings(
                store,
                new MemoryAnchor(),
                seal,
                new Assignments(),
                line -> {},
                header -> {},
                new Timekeeper(() -> now, System::nanoTime),
                random,
                new SoftwareKeys(random, chosen -> {})));
        rotation = new RootRotation(
                new Kept(),
                new VaultKeys(store, seal, vault::vaults, random),
                () -> now,
                (id, failure) -> problems.add(id));
    }

    private static VaultId id(int number) {
        return new VaultId("team", "vault-" + number);
    }

    private static Caller declaration(VaultId id) {
        return new Caller.Resource(new Owner("Vault", id.namespace(), id.name()), "uid");
    }

    private static Caller resource() {
        return new Caller.Resource(new Owner("VaultSecret", "team", "db"), "uid");
    }

    private void fill() {
        for (int i = 0; i < VAULTS; i++) {
            vault.execute(declaration(id(i)), new VaultPut(id(i), Engine.settings(90, false)));
            vault.execute(
                    resource(),
                    new SecretSet(
                            ObjectId.secret(id(i), "db"),
                            Engine.text("value " + i),
                            SecretAttributes.NONE,
                            Optional.empty(),
                            Optional.empty()));
        }
        // Deleted ones are to be recovered, and purged ones keep their chain.
        vault.execute(declaration(id(VAULTS)), new VaultPut(id(VAULTS), Engine.settings(90, false)));
        vault.execute(declaration(id(VAULTS)), new VaultDelete(id(VAULTS)));
    }

    private void everythingIsThere() {
        for (int i = 0; i < VAULTS; i++) {
            var fetched = vault.execute(
                    resource(), new SecretGet(ObjectId.secret(id(i), "db"), Optional.empty(), Optional.empty()));
            try (SecretBytes value = ((Fetched.Value) fetched).value()) {
                assertThat(new String(value.reveal(SecretAccess.GRANTED), StandardCharsets.UTF_8))
                        .isEqualTo("value " + i);
            }
        }
        assertThat(vault.quarantined()).isEmpty();
        assertThat(new TreeSet<>(vault.vaults())).hasSize(VAULTS + 1);
    }

    /** As the operator does: the new root is kept before it is used. */
    private void begin() {
        var next = SealingKey.generate(random);
        power.step(() -> kept.put(2, next));
        seal.add(2, next);
    }

    private void goOn() {
        for (int walk = 0; walk < 4 && kept.size() > 1; walk++) {
            rotation.advance();
            now = now.plus(RootRotation.QUIET);
        }
    }

    @Test
    void all_vaults_are_wrapped_by_the_new_root_and_the_old_one_goes_after_a_quiet_minute() {
        start();
        fill();
        var headers = headers();
        assertThat(rotation.progress()).isEqualTo(new Progress(false, VAULTS + 1, VAULTS + 1, Optional.empty()));
        begin();
        assertThat(rotation.progress()).isEqualTo(new Progress(true, 0, VAULTS + 1, Optional.empty()));

        rotation.advance();
        assertThat(rotation.progress()).isEqualTo(new Progress(true, VAULTS + 1, VAULTS + 1, Optional.empty()));
        rotation.advance();
        now = now.plus(RootRotation.QUIET).minusMillis(1);
        rotation.advance();
        assertThat(kept).hasSize(2);
        now = now.plus(Duration.ofMillis(1));
        rotation.advance();

        assertThat(kept.keySet()).containsExactly(2);
        assertThat(headers()).isEqualTo(headers);
        everythingIsThere();
        start();
        everythingIsThere();
        fillNothingLost();
    }

    private List<String> headers() {
        return IntStream.rangeClosed(0, VAULTS)
                .mapToObj(i -> java.util.HexFormat.of()
                        .formatHex(memory.read(ObjectId.vault(id(i)))
                                .orElseThrow()
                                .bytes()
                                .header()))
                .toList();
    }

    /** The chain goes on: the next write follows the record that was wrapped anew. */
    private void fillNothingLost() {
        vault.execute(declaration(id(0)), new VaultPut(id(0), Engine.settings(90, true)));
        everythingIsThere();
    }

    @Test
    void fault_19_killed_at_any_write_of_a_rotation_it_goes_on_and_nothing_is_lost() {
        start();
        fill();
        int points = VAULTS + 1 + 2;
        for (int point = 0; point < points; point++) {
            for (boolean afterwards : new boolean[] {false, true}) {
                power.killAt = power.writes + point;
                power.afterwards = afterwards;
                try {
                    begin();
                    goOn();
                    throw new AssertionError("never came to write " + point);
                } catch (Killed e) {
                    start();
                }
                everythingIsThere();
                if (kept.size() == 1 && kept.firstKey() == 1) {
                    begin();
                }
                goOn();
                assertThat(kept.keySet()).containsExactly(2);
                start();
                everythingIsThere();
                // Again from the start, under the name of the first generation.
                var root = kept.remove(2);
                rename(root);
            }
        }
        assertThat(problems).isEmpty();
    }

    /** Makes the newest root the first, so that each round is like the one before. */
    private void rename(SealingKey root) {
        for (var one : vault.vaults()) {
            var stored = memory.read(ObjectId.vault(one)).orElseThrow();
            byte[] sealed = stored.bytes().sealed().clone();
            sealed[7] = 1;
            memory.tamper(ObjectId.vault(one), new RecordBytes(stored.bytes().header(), sealed));
        }
        kept.put(1, root);
        start();
    }

    @Test
    void an_old_root_stays_until_the_newest_one_s_key_signs_every_checkpoint() {
        start();
        fill();
        assertThat(vault.checkpoint()).isEqualTo(VAULTS + 1);
        begin();

        goOn();
        assertThat(kept.keySet()).containsExactly(1, 2);
        assertThat(rotation.progress()).isEqualTo(new Progress(true, 0, VAULTS + 1, Optional.empty()));
        assertThat(vault.checkpoint())
                .as("all are signed anew, though nothing changed")
                .isEqualTo(VAULTS + 1);
        assertThat(vault.checkpoint()).isZero();
        goOn();

        assertThat(kept.keySet()).containsExactly(2);
        start();
        everythingIsThere();
    }

    @Test
    void a_vault_that_cannot_be_read_keeps_the_old_root() {
        start();
        fill();
        var id = ObjectId.vault(id(1));
        var good = memory.read(id).orElseThrow().bytes();
        byte[] broken = good.sealed().clone();
        broken[broken.length - 1] ^= 1;
        memory.tamper(id, new RecordBytes(good.header(), broken));
        begin();

        goOn();

        assertThat(problems).contains(id(1)).containsOnly(id(1));
        assertThat(kept.keySet()).containsExactly(1, 2);
        assertThat(rotation.progress()).isEqualTo(new Progress(true, VAULTS, VAULTS + 1, Optional.empty()));
        memory.tamper(id, good);
        goOn();
        assertThat(kept.keySet()).containsExactly(2);
        start();
        everythingIsThere();
    }
}
