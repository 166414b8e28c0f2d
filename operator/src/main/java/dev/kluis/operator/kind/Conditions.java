package dev.kluis.operator.kind;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The three conditions of kstatus, always all three: {@code Ready}, {@code Reconciling}, {@code Stalled}. */
final class Conditions {

    private Conditions() {}

    /** @param before the conditions as they are: a condition keeps its time while its status stays */
    static List<Condition> of(Readiness readiness, List<Condition> before, @Nullable Long generation, Instant now) {
        var state = readiness.reason().state();
        return List.of(
                one("Ready", state == Reason.State.READY, readiness, before, generation, now),
                one("Reconciling", state == Reason.State.RECONCILING, readiness, before, generation, now),
                one("Stalled", state == Reason.State.STALLED, readiness, before, generation, now));
    }

    private static Condition one(
            String type,
            boolean holds,
            Readiness readiness,
            List<Condition> before,
            @Nullable Long generation,
            Instant now) {
        String status = holds ? "True" : "False";
        String since = before.stream()
                .filter(condition -> type.equals(condition.getType()) && status.equals(condition.getStatus()))
                .map(Condition::getLastTransitionTime)
                .findFirst()
                .orElseGet(() -> now.truncatedTo(ChronoUnit.SECONDS).toString());
        return new ConditionBuilder()
                .withType(type)
                .withStatus(status)
                .withReason(readiness.reason().name())
                .withMessage(readiness.message())
                .withObservedGeneration(generation)
                .withLastTransitionTime(since)
                .build();
    }
}
