package dev.kluis.bench;

import dev.kluis.crypto.SecretBytes;
import dev.kluis.crypto.key.SignatureInput;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.key.KeyCreate;
import dev.kluis.vault.key.KeyEncrypt;
import dev.kluis.vault.key.KeySign;
import dev.kluis.vault.key.NewKey;
import dev.kluis.vault.key.WantedKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Measures what is computed with keys through the door: authorised, audited, with the parsed key at hand. */
final class KeysBench implements Topic {

    private static final int ROUNDS = 3;
    private static final List<Clients> CLIENTS = List.of(new Clients(1), new Clients(32));
    private static final int DIGEST = 32;
    private static final int PLAINTEXT = 1024;

    private final Report report;

    KeysBench(Report report) {
        this.report = report;
    }

    @Override
    public void measure() throws Exception {
        try (var engine = BenchEngine.inMemory()) {
            var p256 = key(engine, "p256", "EC");
            rate("P-256 signatures", 100_000, number -> sign(engine, p256, "ES256"));
            var rsa = key(engine, "rsa", "RSA");
            rate("RSA-2048 signatures", 10_000, number -> sign(engine, rsa, "PS256"));
            var aes = key(engine, "aes", "oct");
            rate("AES-256-GCM encryptions of 1 KiB", 200_000, number -> encrypt(engine, aes));
        }
    }

    private static ObjectId key(BenchEngine engine, String name, String kty) {
        var id = ObjectId.key(BenchEngine.VAULT, name);
        var wanted = new WantedKey(kty, Optional.empty(), Optional.empty(), Optional.empty());
        engine.vault().execute(BenchEngine.ADMIN, new KeyCreate(id, wanted, NewKey.USUAL));
        return id;
    }

    private static void sign(BenchEngine engine, ObjectId key, String algorithm) {
        var operation = new KeySign(key, Optional.empty(), algorithm, SignatureInput.of(new byte[DIGEST]));
        engine.vault().execute(BenchEngine.ADMIN, operation);
    }

    private static void encrypt(BenchEngine engine, ObjectId key) {
        var plaintext = SecretBytes.owning(new byte[PLAINTEXT]);
        engine.vault()
                .execute(
                        BenchEngine.ADMIN,
                        new KeyEncrypt(
                                key, Optional.empty(), "A256GCM", plaintext, Optional.empty(), Optional.empty()));
    }

    private void rate(String what, int each, Clients.Work work) throws InterruptedException {
        int operations = report.effort().of(each);
        new Clients(1).round(operations, work); // for the compiler
        for (var clients : CLIENTS) {
            var rounds = new ArrayList<Clients.Round>();
            for (int i = 0; i < report.effort().rounds(ROUNDS); i++) {
                rounds.add(clients.round(operations, work));
            }
            report.add(Result.rate(what + " in the engine, " + clients, rounds));
        }
    }
}
