package dev.kluis.bench;

import java.util.List;

/**
 * What was measured.
 *
 * @param value the mean of times, the rate of rates, the measure itself of what was measured once
 * @param p50 the median; the value where there is one only
 * @param p99 the 99th percentile (nearest rank)
 * @param n how many were measured
 */
record Result(String name, String unit, double value, double p50, double p99, int n) {

    static Result once(String name, String unit, double value) {
        return new Result(name, unit, value, value, value, 1);
    }

    static Result of(String name, String unit, List<Double> samples) {
        var sorted = samples.stream().sorted().toList();
        double mean = samples.stream().mapToDouble(one -> one).average().orElseThrow();
        return new Result(name, unit, mean, at(sorted, 0.50), at(sorted, 0.99), samples.size());
    }

    /** A rate, with the time of each in milliseconds as its percentiles. */
    static Result rate(String name, double seconds, List<Double> millis) {
        var sorted = millis.stream().sorted().toList();
        return new Result(
                name, "1/s (p50, p99: ms)", millis.size() / seconds, at(sorted, 0.50), at(sorted, 0.99), millis.size());
    }

    /** The median rate of some rounds, with the time of each operation in milliseconds as its percentiles. */
    static Result rate(String name, List<Clients.Round> rounds) {
        var sorted = rounds.stream()
                .flatMap(round -> round.millis().stream())
                .sorted()
                .toList();
        var rates = rounds.stream().map(Clients.Round::rate).sorted().toList();
        return new Result(
                name, "1/s (p50, p99: ms)", at(rates, 0.50), at(sorted, 0.50), at(sorted, 0.99), sorted.size());
    }

    private static double at(List<Double> sorted, double quantile) {
        int rank = (int) Math.ceil(quantile * sorted.size());
        return sorted.get(Math.max(0, rank - 1));
    }
}
