package dev.kluis.vault.audit;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.kluis.crypto.VerifyingKey;
import dev.kluis.vault.audit.AuditLine.MalformedLineException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Says whether audit lines are whole, from the lines and the public keys alone. Give it the files of one sink in the order
 * in which they were written; it finds every line that was edited, left out, put in or moved before the last signed
 * checkpoint of its instance, and says how far the signatures reach.
 */
public final class AuditVerification {

    private static final int KEPT = 1000;
    private static final int INSTANCES = 100_000;
    private static final byte[] BEGIN = "{\"category\":\"Audit".getBytes(US_ASCII);

    /** What can be wrong. */
    public enum Kind {
        /** Not a line that the audit writes: edited, cut, or put in. */
        MALFORMED,
        /** The line before it was edited. */
        EDITED,
        /** Lines are not there. */
        MISSING,
        /** It stands where another should: moved, or put in. */
        OUT_OF_ORDER,
        /** No key that is trusted signed it. */
        UNTRUSTED,
        /** Its signature is not over this line. */
        BAD_SIGNATURE
    }

    /** @param place {@code name:line} of where it shows, lines counted from 1 */
    public record Finding(Kind kind, String place, String message) {}

    /**
     * @param skipForeign whether to skip lines of other origin, and what stands before a line's brace
     * @param headMayBeMissing whether the beginning may be gone, as when a rotation removed old files
     * @param sink whose lines these are: only what that one dropped may be missing; absent, what any dropped
     * @param until a time that the signatures have to reach, since a process ran then
     */
    public record Options(
            boolean skipForeign, boolean headMayBeMissing, Optional<String> sink, Optional<Instant> until) {

        /** From the first line on, nothing else between. */
        public static final Options STRICT = new Options(false, false, Optional.empty());

        public Options(boolean skipForeign, boolean headMayBeMissing, Optional<String> sink) {
            this(skipForeign, headMayBeMissing, sink, Optional.empty());
        }
    }

    /**
     * What was found of one process.
     *
     * @param first number that is here
     * @param last number that is here
     * @param signedUpTo the number of the last line that a trusted key signed for, with all before it
     * @param signedAt when
     * @param unsigned how many lines come after it: chained, and without evidence that no more were there
     * @param inOrder whether it ended with its stop checkpoint; otherwise it runs, was killed, or its tail was cut
     * @param dropped how many lines are declared as dropped by the sink
     */
    public record Instance(
            String instance,
            long first,
            long last,
            OptionalLong signedUpTo,
            Optional<Instant> signedAt,
            long unsigned,
            boolean inOrder,
            long dropped) {}

    /**
     * @param findings the first {@value #KEPT}
     * @param found how many there are
     * @param lines how many lines were read
     */
    public record Report(List<Finding> findings, long found, long lines, List<Instance> instances) {

        /** Nothing is wrong with what is here. */
        public boolean intact() {
            return found == 0;
        }

        /**
         * And nothing of the last process is missing: it stopped in order. Whether other processes came after it, lines
         * that end with its stop cannot tell; {@link Options#until} is for who knows a time when one ran.
         */
        public boolean complete() {
            return intact() && !instances.isEmpty() && instances.getLast().inOrder();
        }

        /** The newest time that a trusted key signed for. */
        public Optional<Instant> signedUntil() {
            return AuditVerification.signedUntil(instances);
        }
    }

    private static final class State {
        final long first;
        long expected;
        String hash;
        long signed = -1;
        Optional<Instant> signedAt = Optional.empty();
        boolean stopped;
        long dropped;
        /** The instance whose first line names this one's last. */
        @Nullable
        State next;

        State(long first) {
            this.first = first;
            this.expected = first;
            this.hash = AuditChain.NO_PREVIOUS;
        }
    }

    /** Of a process that is unsealed from the start, and of one that officers unseal. */
    private static final Set<String> BEGINNINGS = Set.of("AuditCheckpoint", "AuditStart");

    private final Set<VerifyingKey> trusted;
    private final Options options;
    private final Map<String, State> instances = new LinkedHashMap<>();
    private final List<Finding> findings = new ArrayList<>();
    private long found;
    private long lines;

    public AuditVerification(Set<VerifyingKey> trusted, Options options) {
        this.trusted = new HashSet<>(trusted);
        this.options = options;
    }

    /** Reads one file to its end; called for each in the order in which they were written. */
    public void read(String name, InputStream in) throws IOException {
        var buffered = new BufferedInputStream(in, 1 << 16);
        long number = 0;
        for (var line = next(buffered); line.isPresent(); line = next(buffered)) {
            number++;
            take(name + ":" + number, line.get());
        }
    }

    /** The next line without its end; of one that is too long, just enough to see that. */
    private static Optional<byte[]> next(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream(1024);
        int one = in.read();
        if (one < 0) {
            return Optional.empty();
        }
        for (; one >= 0 && one != '\n'; one = in.read()) {
            if (line.size() <= AuditLine.LIMIT) {
                line.write(one);
            }
        }
        return Optional.of(line.toByteArray());
    }

    private void take(String place, byte[] bytes) {
        byte[] line = bytes;
        if (options.skipForeign()) {
            int begin = indexOf(bytes);
            if (begin < 0) {
                return;
            }
            line = Arrays.copyOfRange(bytes, begin, bytes.length);
        }
        lines++;
        try {
            chain(place, AuditLine.parse(line));
        } catch (MalformedLineException e) {
            find(Kind.MALFORMED, place, "not a line of the audit: " + e.getMessage());
        }
    }

    private static int indexOf(byte[] bytes) {
        for (int i = 0; i + BEGIN.length <= bytes.length; i++) {
            if (Arrays.equals(bytes, i, i + BEGIN.length, BEGIN, 0, BEGIN.length)) {
                return i;
            }
        }
        return -1;
    }

    private void chain(String place, AuditLine line) throws MalformedLineException {
        var position = line.position();
        var state = instances.get(position.instance());
        if (state == null) {
            if (instances.size() >= INSTANCES) {
                throw new MalformedLineException("there are too many instances");
            }
            state = begin(place, line);
            instances.put(position.instance(), state);
        }
        if (state.stopped) {
            find(Kind.OUT_OF_ORDER, place, "it follows the line with which its instance stopped");
        }
        if (position.number() < state.expected) {
            find(
                    Kind.OUT_OF_ORDER,
                    place,
                    "number " + position.number() + " stands where number " + state.expected + " should");
            return;
        }
        if (position.number() > state.expected) {
            if (dropped(line, state)) {
                state.dropped += position.number() - state.expected;
            } else {
                find(
                        Kind.MISSING,
                        place,
                        "numbers " + state.expected + " to " + (position.number() - 1) + " are missing before it");
            }
        } else if (!line.previous().equals(state.hash) && !(state.first == position.number() && state.first > 0)) {
            find(Kind.EDITED, place, "the line before it, number " + (position.number() - 1) + ", was edited");
        }
        state.expected = position.number() + 1;
        state.hash = position.hash();
        if (line.category().equals("AuditCheckpoint")) {
            checkpoint(place, line, state);
        }
    }

    private State begin(String place, AuditLine line) throws MalformedLineException {
        boolean head = instances.isEmpty() && options.headMayBeMissing();
        long number = line.position().number();
        if (number == 0 && !BEGINNINGS.contains(line.category())) {
            find(Kind.UNTRUSTED, place, "its instance does not begin with a signed checkpoint");
        }
        var state = new State(head ? number : 0);
        if (line.field("follows.instance").isPresent()) {
            follows(
                    place,
                    new ChainPosition(
                            line.hex("follows.instance", 32),
                            line.number("follows.number"),
                            line.hex("follows.hash", 64)),
                    head,
                    state);
        }
        return state;
    }

    /** A start says what the file ended with when it began; whoever signs for it signs for that too. */
    private void follows(String place, ChainPosition said, boolean head, State next) {
        var before = instances.get(said.instance());
        if (before == null) {
            if (!head) {
                find(Kind.MISSING, place, "instance " + said.instance() + ", which it followed, is missing");
            }
        } else if (before.expected - 1 < said.number()) {
            find(
                    Kind.MISSING,
                    place,
                    "instance " + said.instance() + " had lines up to number " + said.number() + ", and they end at "
                            + (before.expected - 1));
        } else if (before.expected - 1 > said.number()) {
            find(
                    Kind.OUT_OF_ORDER,
                    place,
                    "lines of instance " + said.instance() + " after number " + said.number() + " were put in");
        } else if (!before.hash.equals(said.hash())) {
            find(
                    Kind.EDITED,
                    place,
                    "the last line of instance " + said.instance() + ", number " + said.number() + ", was edited");
        } else {
            before.next = next;
        }
    }

    /** Whether a trusted key signed for an instance: by one of its lines, or by one of an instance that follows it. */
    private static boolean signedFor(State state) {
        var one = state;
        while (one.signed < 0 && one.next != null) {
            one = one.next;
        }
        return one.signed >= 0;
    }

    private boolean dropped(AuditLine line, State state) throws MalformedLineException {
        return line.category().equals("AuditDropped")
                && options.sink().map(line.required("sink")::equals).orElse(true)
                && line.number("from") == state.expected
                && line.number("to") == line.position().number() - 1
                && line.hex("before", 64).equals(state.hash);
    }

    private void checkpoint(String place, AuditLine line, State state) throws MalformedLineException {
        String text = line.text();
        int signature = text.length() - AuditLines.SIGNATURE.length() - 2 * VerifyingKey.SIGNATURE - 2;
        if (signature < 0 || !text.startsWith(AuditLines.SIGNATURE, signature)) {
            throw new MalformedLineException("its signature does not end it");
        }
        try {
            var key = VerifyingKey.ofHex(line.required("publicKey"));
            if (!trusted.contains(key)) {
                find(Kind.UNTRUSTED, place, "it is signed by key " + key.id() + ", which is not trusted");
                return;
            }
            if (!key.id().equals(line.required("keyId"))
                    || !key.verify(
                            AuditChain.signed(text.substring(0, signature)),
                            HexFormat.of().parseHex(line.hex("signature", 2 * VerifyingKey.SIGNATURE)))) {
                find(Kind.BAD_SIGNATURE, place, "its signature is not over this line");
                return;
            }
            state.signed = line.position().number();
            state.signedAt = Optional.of(line.time());
            state.stopped = line.field("occasion").filter("stop"::equals).isPresent();
            line.field("nextPublicKey").map(VerifyingKey::ofHex).ifPresent(trusted::add);
        } catch (IllegalArgumentException e) {
            throw new MalformedLineException("its key is none");
        }
    }

    private void find(Kind kind, String place, String message) {
        found++;
        if (findings.size() < KEPT) {
            findings.add(new Finding(kind, place, message));
        }
    }

    /** What was found so far. An instance without any trusted signature is a finding of its own. */
    public Report report() {
        var all = new ArrayList<>(findings);
        long count = found;
        var summaries = new ArrayList<Instance>();
        for (var entry : instances.entrySet()) {
            var state = entry.getValue();
            if (!signedFor(state)) {
                count++;
                all.add(new Finding(
                        Kind.UNTRUSTED, "instance " + entry.getKey(), "no line of it is signed by a trusted key"));
            }
            summaries.add(new Instance(
                    entry.getKey(),
                    state.first,
                    state.expected - 1,
                    state.signed < 0 ? OptionalLong.empty() : OptionalLong.of(state.signed),
                    state.signedAt,
                    state.expected - 1 - state.signed,
                    state.stopped,
                    state.dropped));
        }
        var reached = signedUntil(summaries);
        var unreached = options.until()
                .filter(time -> reached.filter(at -> !at.isBefore(time)).isEmpty());
        if (unreached.isPresent()) {
            count++;
            all.add(new Finding(
                    Kind.MISSING,
                    "the end",
                    "the signatures do not reach " + unreached.get() + "; it was cut, or nothing was signed yet"));
        }
        return new Report(List.copyOf(all), count, lines, List.copyOf(summaries));
    }

    private static Optional<Instant> signedUntil(List<Instance> instances) {
        return instances.stream()
                .flatMap(instance -> instance.signedAt().stream())
                .max(Instant::compareTo);
    }
}
