package dev.kluis.bench;

import dev.kluis.vault.Caller;
import dev.kluis.vault.Lifecycle;
import dev.kluis.vault.Moment;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.VaultSettings;
import dev.kluis.vault.access.Assignment;
import dev.kluis.vault.access.Assignments;
import dev.kluis.vault.access.Authorization;
import dev.kluis.vault.access.Role;
import dev.kluis.vault.access.Scope;
import dev.kluis.vault.access.Subject;
import dev.kluis.vault.secret.SecretOperations.SecretGet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntFunction;

/** Measures decisions, in turns with few and with many assignments. */
final class AuthorizationBench implements Topic {

    private static final int FEW = 100;
    private static final int MANY = 10_000;
    private static final int ROUNDS = 9;
    /** Different questions, as many with few assignments as with many: the processor's caches see the same. */
    private static final int QUESTIONS = FEW;

    private static final Moment NOW = new Moment(Instant.EPOCH, Instant.EPOCH);
    private static final Authorization.Resolved RESOLVED = new Authorization.Resolved(
            Optional.of(new VaultSettings(90, false, new TreeSet<>(), Optional.empty())),
            new Lifecycle.Active(),
            true,
            Optional.empty());

    private record Question(Caller caller, SecretGet operation) {}

    /** Assignments, and questions that they allow. */
    private record Case(String name, Authorization authorization, List<Question> questions, List<Double> rates) {}

    private final Report report;
    private final int decisions;

    AuthorizationBench(Report report) {
        this.report = report;
        this.decisions = report.effort().of(2_000_000);
    }

    @Override
    public void measure() {
        var cases = List.of(
                eachItsOwn("decisions, 100 assignments to as many accounts", FEW),
                eachItsOwn("decisions, 10,000 assignments to as many accounts", MANY),
                allToOne("decisions, 100 assignments to one account", FEW),
                allToOne("decisions, 10,000 assignments to one account", MANY));
        cases.forEach(this::rate);
        for (int i = 0; i < report.effort().rounds(ROUNDS); i++) {
            cases.forEach(one -> one.rates().add(rate(one)));
        }
        cases.forEach(one -> report.add(Result.of(one.name(), "1/s", one.rates())));
    }

    private double rate(Case one) {
        long started = System.nanoTime();
        for (int i = 0; i < decisions; i++) {
            var question = one.questions().get(i % QUESTIONS);
            var _ = one.authorization().require(question.caller(), question.operation(), RESOLVED, NOW);
        }
        return decisions / ((System.nanoTime() - started) / 1e9);
    }

    /** Each account may read one secret. */
    private static Case eachItsOwn(String name, int count) {
        return asked(name, count, number -> "account-" + number);
    }

    /** One account may read many secrets, each by an assignment of its own. */
    private static Case allToOne(String name, int count) {
        return asked(name, count, number -> "account");
    }

    private static Case asked(String name, int count, IntFunction<String> account) {
        var assignments = new Assignments();
        var questions = new ArrayList<Question>();
        for (int i = 0; i < count; i++) {
            String secret = "secret-" + i;
            assignments.put(new Assignment(
                    "bench/" + i,
                    BenchEngine.VAULT,
                    Role.SECRETS_USER,
                    List.of(new Subject.ServiceAccount("bench", account.apply(i))),
                    new Scope.Objects(Map.of("secrets", new Scope.Names(Set.of(secret), Set.of()))),
                    Optional.empty()));
            if (i % (count / QUESTIONS) == 0) {
                questions.add(new Question(
                        new Caller.ServiceAccount("bench", account.apply(i), "uid", Optional.empty()),
                        new SecretGet(ObjectId.secret(BenchEngine.VAULT, secret), Optional.empty(), Optional.empty())));
            }
        }
        return new Case(name, new Authorization(assignments), questions, new ArrayList<>());
    }
}
