package dev.kluis.vault.audit;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.kluis.crypto.SecretBytes;
import dev.kluis.crypto.SigningKey;
import dev.kluis.vault.AuditTarget.Installation;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.Source;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.audit.AuditRecord.Identity;
import dev.kluis.vault.audit.AuditRecord.Result;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** A chain that keeps its lines, with a clock that tests move. */
final class Lines {

    static final SigningKey KEY = key(1);
    static final VaultId PAYMENTS = new VaultId("payments", "payments");

    final List<String> all = new CopyOnWriteArrayList<>();
    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    AuditChain chain;

    Lines(AuditOutlet... outlets) {
        this.chain = start("1", Optional.empty(), outlets);
    }

    AuditChain start(String instance, Optional<ChainPosition> follows, AuditOutlet... outlets) {
        chain = new AuditChain(
                new AuditChain.Settings(instance.repeat(32), 5, Duration.ofSeconds(10), follows),
                () -> now,
                Arrays.asList(outlets),
                (number, line) -> all.add(line));
        return chain;
    }

    static SigningKey key(int seed) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) seed);
        return SigningKey.ofSeed(SecretBytes.owning(bytes));
    }

    static AuditRecord record(int i) {
        return record(i, Source.NONE);
    }

    static AuditRecord record(int i, Source source) {
        return new AuditRecord(
                Instant.parse("2026-01-01T00:00:00Z").plusSeconds(i),
                "%032x".formatted(i),
                i % 3 == 0 ? "SecretSet" : "SecretGet",
                ObjectId.secret(PAYMENTS, "object-" + i % 4),
                Optional.of("f".repeat(32)),
                new Identity("system:serviceaccount:payments:api", Optional.of("uid-1"), true, Optional.empty()),
                source,
                i % 5 == 0
                        ? new Result("FORBIDDEN", 403, Optional.of("not allowed"))
                        : new Result("Success", 200, Optional.empty()),
                Optional.of("payments/assignment"),
                Duration.ofMillis(3),
                false);
    }

    Lines records(int from, int to) {
        for (int i = from; i < to; i++) {
            chain.admit();
            chain.accept(record(i));
        }
        return this;
    }

    /** What was done with the seal, from {@code from} to before {@code to}. */
    Lines ofSeal(int from, int to) {
        for (int i = from; i < to; i++) {
            var one = record(i);
            chain.admit();
            chain.accept(new AuditRecord(
                    one.time(),
                    one.operationId(),
                    "SealSubmit",
                    Installation.SEAL,
                    Optional.empty(),
                    one.identity(),
                    one.source(),
                    one.result(),
                    Optional.empty(),
                    one.duration(),
                    false));
        }
        return this;
    }

    Optional<ChainPosition> last() throws Exception {
        return Optional.of(AuditLine.parse(all.getLast().getBytes(US_ASCII)).position());
    }

    static AuditVerification.Report verify(List<String> lines) {
        return verify(lines, AuditVerification.Options.STRICT, KEY);
    }

    static AuditVerification.Report verify(List<String> lines, AuditVerification.Options options, SigningKey... keys) {
        return verify(String.join("\n", lines).getBytes(US_ASCII), options, keys);
    }

    static AuditVerification.Report verify(byte[] file, AuditVerification.Options options, SigningKey... keys) {
        var verification = new AuditVerification(
                Set.copyOf(Arrays.stream(keys).map(SigningKey::verifyingKey).toList()), options);
        try {
            verification.read("audit.log", new ByteArrayInputStream(file));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return verification.report();
    }
}
