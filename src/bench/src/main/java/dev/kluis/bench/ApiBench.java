package dev.kluis.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/**
 * Measures the REST API of the operator itself, over TLS with connections that stay: what one processor answers, with the
 * load on the other, and beside it the same mathematics without a server and the same writes without Kluis.
 */
final class ApiBench implements Topic {

    /** What is encrypted, in bytes. */
    static final int PLAINTEXT = 1024;

    private static final int ROUNDS = 3;
    private static final int CONNECTIONS = 32;
    private static final int SECRETS = 1000;
    /** Rounds before the first that counts: what is asked often is compiled by then. */
    private static final int WARM = 4;

    private static final String VERSION = "?api-version=7.6";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Report report;
    private final AtomicInteger names = new AtomicInteger();

    ApiBench(Report report) {
        this.report = report;
    }

    @Override
    public void measure() throws Exception {
        try (var operator = new ApiOperator(report.root())) {
            Cores.pin(ProcessHandle.current(), Cores.LOAD);
            pinCluster(Cores.LOAD);
            String head = operator.headAs("greedy");
            var connections = new ArrayBlockingQueue<HttpsConnection>(CONNECTIONS);
            for (int i = 0; i < CONNECTIONS; i++) {
                connections.add(operator.connect());
            }
            try {
                // Writes last: what they use is compiled by then, as in an operator that has been at work for a while.
                reads(operator, connections, head);
                keys(operator, connections, head);
                writes(operator, connections, head);
                new FairnessBench(report, operator).measure(connections, head);
            } finally {
                for (var connection : connections) {
                    connection.close();
                }
            }
            Cores.pin(ProcessHandle.current(), Cores.SERVER);
            new BareCrypto(report).measure();
        } finally {
            Cores.pin(ProcessHandle.current(), Cores.BOTH);
        }
    }

    /** As long as nothing is written the API server has nothing to do; where it has, it gets what is left of both. */
    private static void pinCluster(String cores) throws IOException, InterruptedException {
        Cores.pin(LinuxProcess.child("/kube-apiserver ").handle(), cores);
        Cores.pin(LinuxProcess.child("/etcd ").handle(), cores);
    }

    private void writes(ApiOperator operator, BlockingQueue<HttpsConnection> connections, String head)
            throws Exception {
        pinCluster(Cores.BOTH);
        var set = set(head);
        try (var first = operator.connect()) {
            set.once(first, 0);
        }
        var sizes = BareClient.Sizes.ofSecretIn(operator.client(), ApiOperator.NAMESPACE);
        try (var client = operator.another()) {
            var bare = new BareClient(client, operator.newNamespace("bench-bare"), sizes);
            compare(operator, bare, set, work(set, connections));
        }
        pinCluster(Cores.LOAD);
    }

    private void compare(ApiOperator operator, BareClient bare, ApiCall set, Clients.Work kluis)
            throws InterruptedException {
        var clients = new Clients(CONNECTIONS);
        int each = report.effort().of(set.each());
        clients.round(each, number -> bare.post());
        clients.round(Math.max(each, SECRETS), kluis);
        var theirs = new ArrayList<Clients.Round>();
        var ours = new ArrayList<Clients.Round>();
        var cpu = new ArrayList<Double>();
        for (int i = 0; i < report.effort().rounds(ROUNDS); i++) {
            theirs.add(clients.round(each, number -> bare.post()));
            ours.add(timed(operator, each, kluis, cpu));
        }
        report.add(Result.rate("bare client of the API server", theirs));
        add(set.what(), ours, cpu, operator);
        double share = Result.rate("", ours).value() / Result.rate("", theirs).value();
        report.add(Result.once(set.what() + " beside the bare client", "%", share * 100));
    }

    ApiCall set(String head) {
        String body = "{\"value\":\"" + "x".repeat(100) + "\"}";
        return new ApiCall(
                "secret SET",
                3_000,
                number -> HttpsConnection.request("PUT", "/secrets/s" + names.getAndIncrement() + VERSION, head, body),
                Pattern.compile("\\{\"value\":\"x{100}\",\"id\":\"https://[a-z0-9./-]+\",.+\\}"));
    }

    private void reads(ApiOperator operator, BlockingQueue<HttpsConnection> connections, String head)
            throws InterruptedException {
        new Clients(CONNECTIONS).round(SECRETS, work(set(head), connections));
        var get = get(head);
        new Clients(CONNECTIONS).round(report.effort().of(WARM * get.each()), work(get, connections));
        measure(get, operator, connections);
    }

    /** Of the secrets that were set before. */
    static ApiCall get(String head) {
        var requests = new ArrayList<byte[]>();
        for (int i = 0; i < SECRETS; i++) {
            requests.add(HttpsConnection.request("GET", "/secrets/s" + i + VERSION, head, ""));
        }
        return new ApiCall(
                "secret GET",
                60_000,
                number -> requests.get(number % SECRETS),
                Pattern.compile("\\{\"value\":\"x{100}\",\"id\":\"https://[a-z0-9./-]+\",.+\\}"));
    }

    private void keys(ApiOperator operator, BlockingQueue<HttpsConnection> connections, String head)
            throws IOException, InterruptedException {
        try (var maker = operator.connect()) {
            make(maker, head, "p256", "{\"kty\":\"EC\",\"crv\":\"P-256\"}");
            make(maker, head, "rsa2048", "{\"kty\":\"RSA\",\"key_size\":2048}");
            make(maker, head, "rsa4096", "{\"kty\":\"RSA\",\"key_size\":4096}");
            make(maker, head, "ed25519", "{\"kty\":\"OKP\",\"crv\":\"Ed25519\"}");
            make(maker, head, "aes", "{\"kty\":\"oct\",\"key_size\":256}");
            for (var call : List.of(
                    use(head, "sign P-256", 40_000, "p256/sign", "ES256", 32, 64),
                    sign(head, "rsa2048", "sign RSA-2048", 12_000, 256),
                    sign(head, "rsa4096", "sign RSA-4096", 2_000, 512),
                    use(head, "sign Ed25519", 40_000, "ed25519/sign", "EdDSA", 32, 64),
                    use(head, "encrypt A256GCM, 1 KiB", 40_000, "aes/encrypt", "A256GCM", PLAINTEXT, PLAINTEXT),
                    use(head, "wrap A256KW, 32 bytes", 40_000, "aes/wrapkey", "A256KW", 32, 40),
                    unwrap(maker, head, "A256KW", "aes", "unwrap A256KW, 32 bytes", 40_000),
                    use(head, "wrap RSA-OAEP-256, RSA-2048", 40_000, "rsa2048/wrapkey", "RSA-OAEP-256", 32, 256),
                    unwrap(maker, head, "RSA-OAEP-256", "rsa2048", "unwrap RSA-OAEP-256, RSA-2048", 12_000))) {
                measure(call, operator, connections);
            }
        }
    }

    static void make(HttpsConnection connection, String head, String name, String body) throws IOException {
        var answer = connection.ask(HttpsConnection.request("POST", "/keys/" + name + "/create" + VERSION, head, body));
        if (answer.status() != 200) {
            throw new IllegalStateException("no key: " + answer);
        }
    }

    static ApiCall sign(String head, String key, String what, int each, int length) {
        return use(head, what, each, key + "/sign", "RS256", 32, length);
    }

    /**
     * A use of a key.
     *
     * @param given how many bytes are given
     * @param got how many come back
     */
    static ApiCall use(String head, String what, int each, String path, String algorithm, int given, int got) {
        byte[] value = new byte[given];
        new SplittableRandom(1).nextBytes(value);
        return of(head, what, each, path, algorithm, value, got);
    }

    private static ApiCall of(
            String head, String what, int each, String path, String algorithm, byte[] value, int got) {
        String encoded = Base64.getUrlEncoder().withoutPadding().encodeToString(value);
        byte[] request = HttpsConnection.request(
                "POST",
                "/keys/" + path + VERSION,
                head,
                "{\"alg\":\"" + algorithm + "\",\"value\":\"" + encoded + "\"}");
        int characters = (got * 4 + 2) / 3;
        return new ApiCall(
                what,
                each,
                number -> request,
                Pattern.compile("\\{\"kid\":\"https://[a-z0-9./-]+\",\"value\":\"[0-9A-Za-z_-]{%d}\"(,.+)?\\}"
                        .formatted(characters)));
    }

    private static ApiCall unwrap(
            HttpsConnection connection, String head, String algorithm, String key, String what, int each)
            throws IOException {
        var wrap = use(head, what, 1, key + "/wrapkey", algorithm, 32, 0);
        String wrapped = JSON.readTree(connection.ask(wrap.request().apply(0)).body())
                .required("value")
                .asText();
        return of(
                head,
                what,
                each,
                key + "/unwrapkey",
                algorithm,
                Base64.getUrlDecoder().decode(wrapped),
                32);
    }

    private void measure(ApiCall call, ApiOperator operator, BlockingQueue<HttpsConnection> connections)
            throws InterruptedException {
        int each = report.effort().of(call.each());
        var work = work(call, connections);
        new Clients(CONNECTIONS).round(each, work); // for the compilers
        var rounds = new ArrayList<Clients.Round>();
        var cpu = new ArrayList<Double>();
        for (int i = 0; i < report.effort().rounds(ROUNDS); i++) {
            rounds.add(timed(operator, each, work, cpu));
        }
        add(call.what(), rounds, cpu, operator);
    }

    private static Clients.Round timed(ApiOperator operator, int each, Clients.Work work, List<Double> cpu)
            throws InterruptedException {
        double before = operator.process().cpuSeconds();
        var round = new Clients(CONNECTIONS).round(each, work);
        cpu.add((operator.process().cpuSeconds() - before) / each * 1000);
        return round;
    }

    private void add(String what, List<Clients.Round> rounds, List<Double> cpu, ApiOperator operator) {
        report.add(Result.rate(what, rounds));
        report.add(Result.of(what + ": operator for 1,000", "CPU s", cpu));
        report.add(
                Result.once(what + ": operator RSS", "MiB", operator.process().rss()));
    }

    static Clients.Work work(ApiCall call, BlockingQueue<HttpsConnection> connections) {
        return number -> {
            try {
                var connection = connections.take();
                call.once(connection, number);
                connections.add(connection);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        };
    }
}
