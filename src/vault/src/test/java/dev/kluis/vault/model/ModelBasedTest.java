package dev.kluis.vault.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kluis.vault.Moment;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.model.Call.Backup;
import dev.kluis.vault.model.Call.DeleteVault;
import dev.kluis.vault.model.Call.Get;
import dev.kluis.vault.model.Call.GetMetadata;
import dev.kluis.vault.model.Call.GetVault;
import dev.kluis.vault.model.World.Stage;
import dev.kluis.vault.store.FaultyStore.Fate;
import dev.kluis.vault.store.FaultyStore.Step;
import dev.kluis.vault.store.Store;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Exchanger;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * The engine against the model. Each store's test extends it. {@code -Dkluis.model.operations=N} makes it longer, and
 * {@code -Dkluis.seed=S} repeats what does not depend on how threads meet.
 */
public abstract class ModelBasedTest {

    private static final int THREADS = 4;
    private static final int CALLS_PER_ROUND = 100;
    private static final int BLOBS = 20;

    private final long seed = Long.getLong("kluis.seed", new Random().nextLong());
    private final int operations = Integer.getInteger("kluis.model.operations", operations()) / 3;
    private Callers callers = new Callers(false);
    private EngineCalls engine = new EngineCalls(callers);
    private final Map<String, Integer> told = new HashMap<>();

    /** A store with nothing in it. */
    protected abstract Store emptyStore();

    /** How many operations are done unless more are asked for; a third in each test. */
    protected abstract int operations();

    private Random seeded() {
        System.out.println("seed " + seed + " (-Dkluis.seed=" + seed + "), " + operations + " operations");
        return new Random(seed);
    }

    @Test
    void one_call_after_another_is_answered_as_the_model_answers() throws Exception {
        var random = seeded();
        try (var processes = new Processes(emptyStore())) {
            var world = new World(Map.of());
            var due = new ArrayDeque<Call>();
            for (int i = 0; i < operations; i++) {
                between(random, processes);
                if (random.nextInt(200) == 0) {
                    due.addAll(due(random, processes));
                }
                var moment = processes.vault().moment();
                var call =
                        due.isEmpty() ? callers.next(random, moment) : due.pop().at(moment);
                var step = Model.step(world, call);
                var answer = engine.ask(processes.vault(), call);
                assertThat(answer).as("call %s: %s in %s", i, call, world).isEqualTo(step.answer());
                told.merge(call.act().getClass().getSimpleName() + " " + kind(answer), 1, Integer::sum);
                world = step.world();
                keepBlob(random, processes, world, call, answer);
            }
            processes.restart(step -> Fate.DONE);
            worlds(processes, new History(), Set.of(world));
        }
        System.out.println("answers " + told);
    }

    private static String kind(Object answer) {
        return answer instanceof Enum<?> code ? code.name() : "done";
    }

    /** What happens while nobody calls. */
    private void between(Random random, Processes processes) throws InterruptedException {
        switch (random.nextInt(500)) {
            case 0 -> processes.pass(Duration.ofDays(random.nextInt(1, 60)));
            case 1, 2, 3 -> processes.pass(Duration.ofMinutes(random.nextInt(1, 1000)));
            case 4 -> processes.restart(step -> Fate.DONE);
            case 5 -> processes.sweep();
            case 6, 7, 8, 9, 10, 11, 12, 13 -> processes.maintain(random);
            default -> {
                return;
            }
        }
        processes.assertSound();
    }

    /** A retention passes, and what happens then. */
    private static List<Call> due(Random random, Processes processes) {
        processes.pass(Duration.ofDays(100));
        processes.vault().checkpoint();
        return Callers.purging(
                Callers.VAULTS.get(random.nextInt(Callers.VAULTS.size())),
                processes.vault().moment());
    }

    /** A vault is deleted and its retention passes. */
    private List<Call> ended(Random random, Processes processes, History history) {
        for (var vault : Callers.VAULTS) {
            if (random.nextBoolean()) {
                ask(
                        processes,
                        history,
                        new Call(
                                Callers.declaration(vault),
                                vault,
                                "",
                                new DeleteVault(),
                                processes.vault().moment()));
            }
        }
        return due(random, processes);
    }

    private void keepBlob(Random random, Processes processes, World world, Call call, Object answer) {
        if (call.act() instanceof Backup && answer.equals(true)) {
            var secret = world.vault(call.vault()).secrets().get(call.name());
            var blob = engine.backup(processes.vault(), call, secret);
            if (callers.blobs.size() < BLOBS) {
                callers.blobs.add(blob);
            } else {
                callers.blobs.set(random.nextInt(BLOBS), blob);
            }
        }
    }

    @Test
    void the_answers_to_many_callers_at_once_are_those_of_some_order_of_their_calls() throws Exception {
        var random = seeded();
        try (var processes = new Processes(emptyStore())) {
            var worlds = begun(random, processes);
            for (int done = 0; done < operations; done += CALLS_PER_ROUND) {
                between(random, processes);
                var history = new History();
                var due = random.nextInt(5) == 0 ? ended(random, processes, history) : List.<Call>of();
                processes.process().plan(meeting());
                round(random, processes, history, THREADS, due);
                worlds = worlds(processes, history, worlds);
            }
        }
    }

    @Test
    void fault_19_conflicts_an_absent_store_and_kills_at_any_step_lose_nothing_and_double_nothing() throws Exception {
        var random = seeded();
        int kills = 0;
        try (var processes = new Processes(emptyStore())) {
            var worlds = begun(random, processes);
            for (int done = 0; done < operations; done += CALLS_PER_ROUND) {
                between(random, processes);
                var history = new History();
                var due = random.nextInt(5) == 0 ? ended(random, processes, history) : List.<Call>of();
                processes.process().plan(faults(random, 0.05, 0.02, 0.03));
                int threads = random.nextBoolean() ? 1 : THREADS;
                round(random, processes, history, threads, due);
                kills += processes.process().killed() ? 1 : 0;
                processes.restart(faults(random, 0, 0.02, 0.02));
                history.ended();
                worlds = worlds(processes, history, worlds);
                if (random.nextInt(10) == 0) {
                    processes.sweep();
                }
            }
        }
        System.out.println(kills + " kills");
        assertThat(kills).isPositive();
    }

    /** Writers wait a little for each other, so that they come at the same time. */
    private static Function<Step, Fate> meeting() {
        var writers = new Exchanger<Step>();
        return step -> {
            if (step == Step.COMPARE_AND_SET) {
                try {
                    writers.exchange(step, 200, TimeUnit.MICROSECONDS);
                } catch (TimeoutException e) {
                    return Fate.DONE; // nobody came
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            return Fate.DONE;
        };
    }

    private static Function<Step, Fate> faults(Random random, double conflicts, double absences, double kills) {
        return step -> {
            double share = random.nextDouble();
            boolean done = random.nextBoolean();
            if (share < kills) {
                return done ? Fate.KILLED_AFTER : Fate.KILLED_BEFORE;
            }
            if (share < kills + absences) {
                return done ? Fate.UNAVAILABLE_DONE : Fate.UNAVAILABLE_NOT_DONE;
            }
            return share < kills + absences + conflicts ? Fate.CONFLICT : Fate.DONE;
        };
    }

    /** Vaults to work in, and backups of secrets that the model knows. */
    private Set<World> begun(Random random, Processes processes) {
        callers = new Callers(true);
        engine = new EngineCalls(callers);
        var world = new World(Map.of());
        for (var vault : Callers.VAULTS) {
            var call = new Call(
                    Callers.declaration(vault),
                    vault,
                    "",
                    Callers.settings(vault),
                    processes.vault().moment());
            engine.ask(processes.vault(), call);
            world = Model.step(world, call).world();
        }
        for (int i = 0; i < 200; i++) {
            var call = callers.next(random, processes.vault().moment());
            world = Model.step(world, call).world();
            keepBlob(random, processes, world, call, engine.ask(processes.vault(), call));
        }
        return Set.of(world);
    }

    private void round(Random random, Processes processes, History history, int threads, List<Call> due)
            throws Exception {
        for (var call : due) {
            ask(processes, history, call);
        }
        // A vault and its secrets are records of their own: only one after the other is it deleted and recovered.
        for (var vault : Callers.VAULTS) {
            var moment = processes.vault().moment();
            ask(processes, history, new Call(Callers.declaration(vault), vault, "", Callers.settings(vault), moment));
        }
        var work = new ArrayList<Callable<Boolean>>();
        for (int i = 0; i < threads; i++) {
            var own = new Random(random.nextLong());
            work.add(() -> {
                for (int n = 0;
                        n < CALLS_PER_ROUND / threads && !processes.process().killed();
                        n++) {
                    if (own.nextInt(50) == 0) {
                        processes.maintain(own);
                    }
                    ask(processes, history, callers.next(own, processes.vault().moment()));
                }
                return true;
            });
        }
        try (var executor = Executors.newFixedThreadPool(threads)) {
            for (Future<Boolean> one : executor.invokeAll(work)) {
                one.get();
            }
        }
        processes.process().plan(step -> Fate.DONE);
    }

    private Object ask(Processes processes, History history, Call call) {
        long invoked = history.now();
        var answer = engine.ask(processes.vault(), call);
        history.add(call, invoked, answer);
        return answer;
    }

    /** Reads what is there and holds all that was told against the model. */
    private Set<World> worlds(Processes processes, History history, Set<World> before) throws InterruptedException {
        var moment = processes.vault().moment();
        for (var vault : Callers.VAULTS) {
            ask(processes, history, new Call(Callers.account("reader"), vault, "", new GetVault(), moment));
            for (String name : Callers.NAMES) {
                var answer = ask(processes, history, read(vault, name, moment));
                if (answer instanceof Optional<?> found && found.orElse(null) instanceof World.Secret secret) {
                    readValues(processes, history, vault, name, secret, moment);
                }
            }
        }
        processes.assertSound();
        return history.worlds(before);
    }

    private static Call read(VaultId vault, String name, Moment moment) {
        return new Call(Callers.account("reader"), vault, name, new GetMetadata(), moment);
    }

    private void readValues(
            Processes processes, History history, VaultId vault, String name, World.Secret secret, Moment moment) {
        if (secret.stage() == Stage.ACTIVE) {
            for (var version : secret.versions()) {
                ask(
                        processes,
                        history,
                        new Call(Callers.account("user"), vault, name, new Get(Optional.of(version.value())), moment));
            }
        }
    }
}
