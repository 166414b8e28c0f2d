package dev.kluis.operator.kind;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The three conditions of kstatus, always all three: {@code Ready}, {@code Reconciling}, {@code Stalled}; then a kind's own. */
final class Conditions {

    /** The types of the three. */
    static final Set<String> READINESS = Set.of("Ready", "Reconciling", "Stalled");

    private Conditions() {}

    /**
     * @param more what the kind tells besides, without times
     * @param before the conditions as they are: a condition keeps its time while its status stays
     */
    static List<Condition> of(
            Readiness readiness, List<Condition> more, List<Condition> before, @Nullable Long generation, Instant now) {
        var state = readiness.reason().state();
        var all = new ArrayList<Condition>();
        all.add(one("Ready", state == Reason.State.READY, readiness));
        all.add(one("Reconciling", state == Reason.State.RECONCILING, readiness));
        all.add(one("Stalled", state == Reason.State.STALLED, readiness));
        all.addAll(more);
        for (var condition : all) {
            condition.setObservedGeneration(generation);
            condition.setLastTransitionTime(since(condition, before, now));
        }
        return all;
    }

    private static Condition one(String type, boolean holds, Readiness readiness) {
        return new ConditionBuilder()
                .withType(type)
                .withStatus(holds ? "True" : "False")
                .withReason(readiness.reason().name())
                .withMessage(readiness.message())
                .build();
    }

    private static String since(Condition condition, List<Condition> before, Instant now) {
        return before.stream()
                .filter(one -> condition.getType().equals(one.getType())
                        && condition.getStatus().equals(one.getStatus()))
                .map(Condition::getLastTransitionTime)
                .findFirst()
                .orElseGet(() -> now.truncatedTo(ChronoUnit.SECONDS).toString());
    }
}
