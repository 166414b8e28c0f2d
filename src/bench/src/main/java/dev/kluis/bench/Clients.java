package dev.kluis.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/** Clients that work beside each other, each as fast as it is answered. */
record Clients(int count) {

    @FunctionalInterface
    interface Work {
        /** @param number of the operation, from 0, which one client does */
        void once(int number);
    }

    /**
     * @param seconds that all took together
     * @param millis that each took
     */
    record Round(double seconds, List<Double> millis) {
        double rate() {
            return millis.size() / seconds;
        }
    }

    Round round(int operations, Work work) throws InterruptedException {
        return round(operations, work, () -> false);
    }

    /** @param enough ends it sooner */
    Round round(int operations, Work work, BooleanSupplier enough) throws InterruptedException {
        var next = new AtomicInteger();
        Callable<List<Double>> client = () -> {
            var millis = new ArrayList<Double>();
            for (int number = next.getAndIncrement();
                    number < operations && !enough.getAsBoolean();
                    number = next.getAndIncrement()) {
                long started = System.nanoTime();
                work.once(number);
                millis.add((System.nanoTime() - started) / 1e6);
            }
            return millis;
        };
        try (var threads = Executors.newFixedThreadPool(count)) {
            long started = System.nanoTime();
            var running = threads.invokeAll(
                    IntStream.range(0, count).mapToObj(i -> client).toList());
            double seconds = (System.nanoTime() - started) / 1e9;
            var all = new ArrayList<Double>();
            for (var one : running) {
                all.addAll(one.get());
            }
            return new Round(seconds, all);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a client failed", e.getCause());
        }
    }

    @Override
    public String toString() {
        return count == 1 ? "1 client" : count + " clients";
    }
}
