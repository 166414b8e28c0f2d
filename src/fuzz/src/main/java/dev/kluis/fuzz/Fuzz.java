package dev.kluis.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Gives a decoder the files of its corpus, and then inputs made of them until the time is over. It decodes each or refuses
 * it with one of the exceptions that it is said to throw. Another exception or error, much memory or much time is a
 * finding: the test fails, and the input is from then on a file of the corpus, in {@code src/test/resources/fuzz/NAME}.
 *
 * <p>Files called {@code good-...} have to be decoded. Inputs that are refused for a reason not seen before are changed
 * further, so that the checks of a decoder are passed one after the other.
 *
 * <p>{@code -Dkluis.fuzz.seconds} is the time for each decoder, {@code -Dkluis.seed} repeats the inputs of a run, and
 * {@code -Dkluis.corpus.write=true} writes the good files that the test makes.
 */
public final class Fuzz {

    /** Throws what it refuses an input with. */
    @FunctionalInterface
    public interface Decoder {
        void decode(byte[] input) throws Exception;
    }

    private static final Path CORPORA = Path.of("src/test/resources/fuzz");
    private static final String GOOD = "good-";
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    /** Of processor time, for one input. */
    private static final Duration LONG = Duration.ofSeconds(1);
    /** After this time a call does not end: several threads may share a processor. */
    private static final Duration ENDLESS = Duration.ofSeconds(30);

    private static final int POOL = 1000;
    /** How many of the inputs that are decoded are changed further. */
    private static final int ONE_IN = 64;

    private static final Pattern NO_LETTER = Pattern.compile("[^a-zA-Z ]+");
    private static final int REASON = 60;
    private static final int REASONS = 10_000;

    private final String name;
    private final List<byte[]> words = new ArrayList<>();
    private final List<Class<? extends Exception>> refusals = new ArrayList<>();
    private long memory = 4L << 20;

    private final long seed = Long.getLong("kluis.seed", System.nanoTime());
    private final List<byte[]> pool = new ArrayList<>();
    private final Set<String> reasons = new HashSet<>();
    private volatile byte @Nullable [] current;
    private volatile long began;
    private long inputs;
    private long decoded;

    private Fuzz(String name) {
        this.name = name;
    }

    /** @param name of the decoder and of its corpus */
    public static Fuzz of(String name) {
        return new Fuzz(name);
    }

    /** An input that is decoded; kept in the corpus by {@code -Dkluis.corpus.write=true}. */
    public Fuzz good(String called, byte[] input) {
        return also(GOOD + called, input);
    }

    public Fuzz good(String called, String input) {
        return good(called, input.getBytes(UTF_8));
    }

    /** An input that is worth changing, decoded or not; kept likewise. */
    public Fuzz also(String called, byte[] input) {
        if (Boolean.getBoolean("kluis.corpus.write")) {
            write(called, input);
        }
        return this;
    }

    /** Pieces of the format, such as keywords. */
    public Fuzz words(String... some) {
        Arrays.stream(some).map(word -> word.getBytes(UTF_8)).forEach(words::add);
        return this;
    }

    /** What the decoder refuses inputs with. */
    public Fuzz refusing(Class<? extends Exception> refusal) {
        refusals.add(refusal);
        return this;
    }

    /** @param bytes that one call may allocate besides 64 for each byte of its input; 4 MiB unless it is said */
    public Fuzz allocating(long bytes) {
        memory = bytes;
        return this;
    }

    /** @throws AssertionError with the first finding */
    public void run(Decoder decoder) {
        var time = Duration.ofSeconds(Long.getLong("kluis.fuzz.seconds", 2));
        var finding = new Object() {
            @Nullable
            Throwable thrown;
        };
        var worker = Thread.ofPlatform().daemon().name("fuzz-" + name).start(() -> {
            try {
                replay(decoder);
                search(decoder, System.nanoTime() + time.toNanos());
            } catch (Throwable e) {
                finding.thrown = e;
            }
        });
        try {
            while (!worker.join(Duration.ofSeconds(1))) {
                byte[] input = current;
                if (input != null && System.nanoTime() - began > ENDLESS.toNanos()) {
                    throw found(input, "a call does not end: " + Arrays.toString(worker.getStackTrace()), null);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
        if (finding.thrown != null) {
            throw new AssertionError(finding.thrown.getMessage(), finding.thrown);
        }
        System.out.printf(
                "fuzz %s: %,d inputs in %d s, %,d decoded, refused for %d reasons, -Dkluis.seed=%d%n",
                name, inputs, time.toSeconds(), decoded, reasons.size(), seed);
    }

    private void replay(Decoder decoder) throws IOException {
        try (var files = Files.list(CORPORA.resolve(name))) {
            for (var file : files.sorted().toList()) {
                byte[] input = Files.readAllBytes(file);
                pool.add(input);
                var refusal = give(decoder, input);
                if (refusal != null && file.getFileName().toString().startsWith(GOOD)) {
                    throw new AssertionError(file + " has to be decoded", refusal);
                }
            }
        }
        if (pool.isEmpty()) {
            throw new AssertionError(CORPORA.resolve(name) + " has no file");
        }
    }

    private void search(Decoder decoder, long end) {
        var random = new Random(seed);
        var changes = new Changes(random, words);
        int kept = pool.size();
        while (System.nanoTime() < end) {
            byte[] input = changes.of(pool);
            var refusal = give(decoder, input);
            inputs++;
            decoded += refusal == null ? 1 : 0;
            if (refusal == null
                    ? random.nextInt(ONE_IN) == 0
                    : reasons.size() < REASONS && reasons.add(reason(refusal))) {
                if (pool.size() < kept + POOL) {
                    pool.add(input);
                } else {
                    pool.set(kept + random.nextInt(POOL), input);
                }
            }
        }
    }

    /** Without what it quotes of the input, as far as that is no letters. */
    private static String reason(Exception refusal) {
        String all = NO_LETTER.matcher(String.valueOf(refusal.getMessage())).replaceAll("");
        return refusal.getClass().getSimpleName() + all.substring(0, Math.min(all.length(), REASON));
    }

    /** The refusal, if it is one. A second call shows whether cost was of the input, or of loading and compiling. */
    private @Nullable Exception give(Decoder decoder, byte[] input) {
        began = System.nanoTime();
        current = input;
        var call = call(decoder, input);
        String tooMuch = tooMuch(call, input) == null ? null : tooMuch(call(decoder, input), input);
        if (tooMuch != null) {
            throw found(input, tooMuch, null);
        }
        current = null;
        if (call.thrown() == null) {
            return null;
        }
        if (call.thrown() instanceof Exception refusal && refusals.stream().anyMatch(one -> one.isInstance(refusal))) {
            return refusal;
        }
        throw found(input, "neither decoded nor refused", call.thrown());
    }

    /** @param time of the processor, in nanoseconds */
    private record Call(@Nullable Throwable thrown, long time, long allocated) {}

    private static Call call(Decoder decoder, byte[] input) {
        byte[] own = input.clone();
        long time = THREADS.getCurrentThreadCpuTime();
        long allocated = THREADS.getCurrentThreadAllocatedBytes();
        Throwable thrown = null;
        try {
            decoder.decode(own);
        } catch (Throwable e) {
            thrown = e;
        }
        return new Call(
                thrown, THREADS.getCurrentThreadCpuTime() - time, THREADS.getCurrentThreadAllocatedBytes() - allocated);
    }

    private @Nullable String tooMuch(Call call, byte[] input) {
        if (call.time() > LONG.toNanos()) {
            return "a call took " + Duration.ofNanos(call.time());
        }
        return call.allocated() > memory + 64L * input.length
                ? "a call allocated " + call.allocated() + " bytes"
                : null;
    }

    private AssertionError found(byte[] input, String what, @Nullable Throwable cause) {
        String file = hash(input);
        write(file, input);
        return new AssertionError(
                "decoder " + name + ": " + what + "; the input is "
                        + CORPORA.resolve(name).resolve(file) + ", -Dkluis.seed=" + seed,
                cause);
    }

    private void write(String file, byte[] input) {
        try {
            Files.write(Files.createDirectories(CORPORA.resolve(name)).resolve(file), input);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String hash(byte[] input) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(input), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is not usable in this runtime", e);
        }
    }
}
