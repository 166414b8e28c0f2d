package dev.kluis.vault.engine;

import static dev.kluis.vault.engine.Engine.PAYMENTS;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kluis.crypto.SecretAccess;
import dev.kluis.crypto.SecretBytes;
import dev.kluis.crypto.Sha256;
import dev.kluis.crypto.key.Ciphertext;
import dev.kluis.crypto.key.JwkMembers;
import dev.kluis.crypto.key.KeyOperation;
import dev.kluis.crypto.key.KeyRefusedException;
import dev.kluis.crypto.key.KeySpec;
import dev.kluis.crypto.key.SignatureInput;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.ObjectKind;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.VaultException.Code;
import dev.kluis.vault.access.Role;
import dev.kluis.vault.backup.BackupOperations.ObjectBackup;
import dev.kluis.vault.backup.BackupOperations.ObjectRestore;
import dev.kluis.vault.key.KeyCreate;
import dev.kluis.vault.key.KeyDecrypt;
import dev.kluis.vault.key.KeyEncrypt;
import dev.kluis.vault.key.KeyGet;
import dev.kluis.vault.key.KeyImport;
import dev.kluis.vault.key.KeyRelease;
import dev.kluis.vault.key.KeyRotate;
import dev.kluis.vault.key.KeySign;
import dev.kluis.vault.key.KeyUnwrap;
import dev.kluis.vault.key.KeyUpdate;
import dev.kluis.vault.key.KeyVerify;
import dev.kluis.vault.key.KeyWrap;
import dev.kluis.vault.key.NewKey;
import dev.kluis.vault.key.RandomBytesGet;
import dev.kluis.vault.key.WantedKey;
import dev.kluis.vault.object.Attributes;
import dev.kluis.vault.object.AttributesPatch;
import dev.kluis.vault.object.ObjectLists.ObjectList;
import dev.kluis.vault.object.ObjectLists.ObjectListDeleted;
import dev.kluis.vault.object.ObjectLists.ObjectListVersions;
import dev.kluis.vault.object.ObjectOperations.ObjectDelete;
import dev.kluis.vault.object.ObjectOperations.ObjectPurge;
import dev.kluis.vault.object.ObjectOperations.ObjectRecover;
import dev.kluis.vault.object.ReleasePolicy;
import dev.kluis.vault.object.VersionView;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Keys through the door: made, brought, used, limited and taken away. */
class KeysTest {

    private static final byte[] DIGEST = Sha256.of("what is signed".getBytes(UTF_8));

    private final Engine engine = new Engine().withVault();

    private static ObjectId key(String name) {
        return ObjectId.key(PAYMENTS, name);
    }

    private static WantedKey wanted(String kty) {
        return new WantedKey(kty, Optional.empty(), Optional.empty(), Optional.empty());
    }

    private VersionView create(String name, String kty, NewKey key) {
        return engine.as(Role.CRYPTO_OFFICER, new KeyCreate(key(name), wanted(kty), key));
    }

    private VersionView create(String name, String kty) {
        return create(name, kty, NewKey.USUAL);
    }

    private KeySign.Result sign(String name) {
        return engine.as(
                Role.CRYPTO_USER, new KeySign(key(name), Optional.empty(), "ES256", SignatureInput.of(DIGEST)));
    }

    private boolean verify(String name, Optional<String> version, byte[] signature) {
        return engine.as(
                        Role.CRYPTO_USER,
                        new KeyVerify(key(name), version, "ES256", SignatureInput.of(DIGEST), signature))
                .valid();
    }

    private void update(String name, AttributesPatch patch) {
        engine.as(
                Role.CRYPTO_USER,
                new KeyUpdate(key(name), Optional.empty(), patch, Optional.empty(), Optional.empty()));
    }

    private static AttributesPatch enabled(boolean enabled, Map<String, String> tags) {
        return new AttributesPatch(Optional.of(enabled), Optional.empty(), Optional.empty(), Optional.of(tags));
    }

    private static AttributesPatch enabled(boolean enabled) {
        return new AttributesPatch(Optional.of(enabled), Optional.empty(), Optional.empty(), Optional.empty());
    }

    private static NewKey within(Optional<Instant> start, Optional<Instant> end) {
        return new NewKey(Optional.empty(), new Attributes(true, start, end, Map.of()), false, Optional.empty());
    }

    private static NewKey only(String... operations) {
        return new NewKey(Optional.of(List.of(operations)), Attributes.NONE, false, Optional.empty());
    }

    private static void assertRefused(Code code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        VaultException.class,
                        refused -> assertThat(refused.code()).isEqualTo(code));
    }

    @Test
    void a_new_key_signs_and_verifies_and_shows_its_public_part_only() {
        var made = create("pay", "EC");
        assertThat(made.key().spec().text()).isEqualTo("EC-P-256");
        assertThat(made.key().operations()).containsExactly(KeyOperation.SIGN, KeyOperation.VERIFY);

        var signed = sign("pay");
        assertThat(signed.version()).isEqualTo(made.version().id());
        assertThat(verify("pay", Optional.empty(), signed.signature())).isTrue();
        signed.signature()[5] ^= 1;
        assertThat(verify("pay", Optional.empty(), signed.signature())).isFalse();

        var read = engine.as(Role.READER, new KeyGet(key("pay"), Optional.empty()));
        assertThat(read.key().publicKey()).isPresent();
        assertThat(read).isEqualTo(made);
    }

    @Test
    void what_is_encrypted_and_wrapped_comes_back() {
        create("data", "RSA");
        var secret = "a small value";
        var encrypted = engine.as(
                Role.CRYPTO_USER,
                new KeyEncrypt(
                        key("data"),
                        Optional.empty(),
                        "RSA-OAEP-256",
                        Engine.text(secret),
                        Optional.empty(),
                        Optional.empty()));
        try (var plain = engine.as(
                        Role.CRYPTO_USER,
                        new KeyDecrypt(
                                key("data"),
                                Optional.empty(),
                                "RSA-OAEP-256",
                                encrypted.ciphertext(),
                                Optional.empty()))
                .plaintext()) {
            assertThat(plain).isEqualTo(Engine.text(secret));
        }

        create("kek", "oct");
        var wrapped = engine.as(
                Role.CRYPTO_SERVICE_ENCRYPTION_USER,
                new KeyWrap(key("kek"), Optional.empty(), "A256KW", SecretBytes.owning(new byte[32])));
        try (var back = engine.as(
                        Role.CRYPTO_SERVICE_ENCRYPTION_USER,
                        new KeyUnwrap(key("kek"), Optional.empty(), "A256KW", wrapped.wrapped()))
                .key()) {
            assertThat(back.reveal(SecretAccess.GRANTED)).isEqualTo(new byte[32]);
        }
    }

    @Test
    void a_symmetric_key_encrypts_with_additional_data_and_shows_nothing_of_itself() {
        var made = create("aes", "oct");
        assertThat(made.key().publicKey()).isEmpty();
        var additional = Optional.of("for whom".getBytes(UTF_8));
        var encrypted = engine.as(
                Role.CRYPTO_USER,
                new KeyEncrypt(
                        key("aes"), Optional.empty(), "A256GCM", Engine.text("hello"), Optional.empty(), additional));
        assertRefused(
                Code.BAD_PARAMETER,
                () -> engine.as(
                        Role.CRYPTO_USER,
                        new KeyDecrypt(
                                key("aes"), Optional.empty(), "A256GCM", encrypted.ciphertext(), Optional.empty())));
        try (var plain = engine.as(
                        Role.CRYPTO_USER,
                        new KeyDecrypt(key("aes"), Optional.empty(), "A256GCM", encrypted.ciphertext(), additional))
                .plaintext()) {
            assertThat(plain).isEqualTo(Engine.text("hello"));
        }
    }

    @Test
    void a_key_from_elsewhere_is_taken_in_with_its_public_part_and_its_bytes_are_zeroed() throws KeyRefusedException {
        byte[] k = "0123456789abcdef0123456789abcdef".getBytes(UTF_8);
        var jwk = new JwkMembers("oct", null, new HashMap<>(Map.of("k", k)));
        var made = engine.as(Role.CRYPTO_OFFICER, new KeyImport(key("theirs"), jwk, only("sign", "verify")));
        assertThat(made.key().spec()).isEqualTo(new KeySpec.Oct(256));
        assertThat(k).containsOnly(0);
        var signed = engine.as(
                Role.CRYPTO_USER,
                new KeySign(key("theirs"), Optional.empty(), "HS256", SignatureInput.of("text".getBytes(UTF_8))));
        assertThat(signed.signature()).hasSize(32);

        var wrong = new JwkMembers("oct", null, new HashMap<>(Map.of("k", new byte[31])));
        assertRefused(
                Code.BAD_PARAMETER,
                () -> engine.as(Role.CRYPTO_OFFICER, new KeyImport(key("theirs"), wrong, NewKey.USUAL)));
    }

    @Test
    void what_is_not_in_key_ops_is_refused_whatever_the_key_could_do() {
        create("signer", "EC", only("sign"));
        var signed = sign("signer");
        assertRefused(Code.OPERATION_FORBIDDEN, () -> verify("signer", Optional.empty(), signed.signature()));
        engine.as(
                Role.CRYPTO_USER,
                new KeyUpdate(
                        key("signer"),
                        Optional.empty(),
                        AttributesPatch.NONE,
                        Optional.of(List.of("verify")),
                        Optional.empty()));
        assertThat(verify("signer", Optional.empty(), signed.signature())).isTrue();
        assertRefused(Code.OPERATION_FORBIDDEN, () -> sign("signer"));
    }

    @Test
    void operations_that_no_algorithm_does_with_such_a_key_are_refused_when_it_is_made() {
        assertRefused(Code.BAD_PARAMETER, () -> create("a", "EC", only("encrypt")));
        assertRefused(Code.BAD_PARAMETER, () -> create("a", "oct", only("read")));
    }

    @Test
    void a_disabled_key_does_nothing_from_the_next_request_on_and_is_still_read() {
        create("pay", "EC");
        var signed = sign("pay");
        update("pay", enabled(false));
        assertRefused(Code.DISABLED, () -> sign("pay"));
        assertRefused(Code.DISABLED, () -> verify("pay", Optional.empty(), signed.signature()));
        assertRefused(Code.DISABLED, () -> engine.as(Role.CRYPTO_OFFICER, new KeyRotate(key("pay"))));
        assertThat(engine.as(Role.READER, new KeyGet(key("pay"), Optional.empty()))
                        .version()
                        .attributes()
                        .enabled())
                .isFalse();
        update("pay", enabled(true));
        assertThat(verify("pay", Optional.empty(), signed.signature())).isTrue();
    }

    @Test
    void after_its_end_a_key_reads_and_verifies_and_makes_nothing_new() {
        create("pay", "EC", within(Optional.empty(), Optional.of(engine.now.plus(Duration.ofHours(1)))));
        create("kek", "oct", within(Optional.empty(), Optional.of(engine.now.plus(Duration.ofHours(1)))));
        var signed = sign("pay");
        var wrap = new byte[32];
        var wrapped = engine.as(
                Role.CRYPTO_USER, new KeyWrap(key("kek"), Optional.empty(), "A256KW", SecretBytes.copyOf(wrap)));
        engine.pass(Duration.ofHours(2));

        assertRefused(Code.EXPIRED, () -> sign("pay"));
        assertRefused(
                Code.EXPIRED,
                () -> engine.as(
                        Role.CRYPTO_USER,
                        new KeyWrap(key("kek"), Optional.empty(), "A256KW", SecretBytes.copyOf(wrap))));
        assertThat(verify("pay", Optional.empty(), signed.signature())).isTrue();
        engine.as(Role.CRYPTO_USER, new KeyUnwrap(key("kek"), Optional.empty(), "A256KW", wrapped.wrapped()))
                .key()
                .close();
    }

    @Test
    void before_its_begin_a_key_makes_nothing_but_for_a_minute_of_clocks_that_differ() {
        create("pay", "EC", within(Optional.of(engine.now.plus(Duration.ofMinutes(10))), Optional.empty()));
        assertRefused(Code.NOT_YET_VALID, () -> sign("pay"));
        engine.pass(Duration.ofMinutes(9));
        assertThat(sign("pay").signature()).hasSize(64);
    }

    @Test
    void dates_in_the_wrong_order_are_refused() {
        assertRefused(
                Code.BAD_PARAMETER,
                () -> create("a", "EC", within(Optional.of(engine.now), Optional.of(engine.now.minusSeconds(1)))));
    }

    @Test
    void rotation_makes_a_version_of_the_same_kind_and_the_old_one_still_verifies() {
        var first = create("pay", "EC", only("sign", "verify"));
        var signed = sign("pay");
        var second = engine.as(Role.CRYPTO_OFFICER, new KeyRotate(key("pay")));

        assertThat(second.version().id()).isNotEqualTo(first.version().id());
        assertThat(second.key().spec()).isEqualTo(first.key().spec());
        assertThat(second.key().publicKey()).isNotEqualTo(first.key().publicKey());
        assertThat(sign("pay").version()).isEqualTo(second.version().id());
        assertThat(verify("pay", Optional.of(first.version().id()), signed.signature()))
                .isTrue();
        assertThat(verify("pay", Optional.empty(), signed.signature())).isFalse();
    }

    @Test
    void keys_are_deleted_recovered_and_purged_as_secrets_are_and_names_are_their_own() {
        create("same", "EC");
        engine.put("same", "a secret");
        engine.as(Role.CRYPTO_OFFICER, new ObjectDelete(key("same")));
        assertThat(engine.get("same")).isEqualTo("a secret");
        assertRefused(Code.NOT_FOUND, () -> sign("same"));
        assertRefused(Code.DELETED, () -> create("same", "EC"));
        var deleted = engine.as(Role.READER, new ObjectListDeleted(PAYMENTS, ObjectKind.KEY, 25, Optional.empty()));
        assertThat(deleted.entries()).hasSize(1);

        engine.as(Role.CRYPTO_OFFICER, new ObjectRecover(key("same"), Optional.empty()));
        assertThat(sign("same").signature()).hasSize(64);
        engine.as(Role.CRYPTO_OFFICER, new ObjectDelete(key("same")));
        engine.as(Role.CRYPTO_OFFICER, new ObjectPurge(key("same")));
        assertRefused(Code.NOT_FOUND, () -> sign("same"));
        assertThat(create("same", "EC").version()).isNotNull();
    }

    @Test
    void lists_of_keys_have_keys_alone_in_the_order_of_their_names_page_by_page() {
        for (String name : List.of("c", "a", "-", "b")) {
            create(name, "oct");
        }
        engine.put("0", "a secret");
        engine.put("z", "a secret");
        var first = engine.as(Role.READER, new ObjectList(PAYMENTS, ObjectKind.KEY, 3, Optional.empty()));
        assertThat(first.entries()).extracting(view -> view.id().name()).containsExactly("-", "a", "b");
        var rest = engine.as(Role.READER, new ObjectList(PAYMENTS, ObjectKind.KEY, 3, first.next()));
        assertThat(rest.entries()).extracting(view -> view.id()).containsExactly(key("c"));
        assertThat(rest.next()).isEmpty();
        engine.as(Role.CRYPTO_OFFICER, new KeyRotate(key("a")));
        assertThat(engine.as(Role.READER, new ObjectListVersions(key("a"), 25, Optional.empty()))
                        .entries())
                .hasSize(2);
    }

    @Test
    void a_blob_of_a_key_restores_it_with_its_versions_and_is_no_secret_s() {
        var first = create("pay", "EC");
        var signed = sign("pay");
        engine.as(Role.CRYPTO_OFFICER, new KeyRotate(key("pay")));
        byte[] blob = engine.as(Role.CRYPTO_USER, new ObjectBackup(key("pay")));
        engine.as(Role.CRYPTO_OFFICER, new ObjectDelete(key("pay")));
        engine.as(Role.CRYPTO_OFFICER, new ObjectPurge(key("pay")));

        assertRefused(Code.BAD_PARAMETER, () -> ObjectRestore.of(PAYMENTS, ObjectKind.SECRET, blob));
        var state = engine.as(Role.CRYPTO_OFFICER, ObjectRestore.of(PAYMENTS, ObjectKind.KEY, blob));
        assertThat(state.versions()).hasSize(2);
        assertThat(verify("pay", Optional.of(first.version().id()), signed.signature()))
                .isTrue();
    }

    @Test
    void a_key_is_there_after_a_restart_and_only_its_public_part_is_in_the_state() {
        create("pay", "EC");
        var signed = sign("pay");
        engine.restart();
        assertThat(verify("pay", Optional.empty(), signed.signature())).isTrue();
        assertThat(sign("pay").signature()).hasSize(64);
    }

    @Test
    void a_release_policy_is_kept_an_immutable_one_for_ever_and_nothing_is_released() {
        var policy = new ReleasePolicy(ReleasePolicy.CONTENT_TYPE, "{\"version\":\"1.0.0\",\"anyOf\":[]}", true);
        assertRefused(
                Code.BAD_PARAMETER,
                () -> create("out", "EC", new NewKey(Optional.empty(), Attributes.NONE, true, Optional.empty())));
        assertRefused(
                Code.BAD_PARAMETER,
                () -> create("out", "EC", new NewKey(Optional.empty(), Attributes.NONE, false, Optional.of(policy))));
        var made = create("out", "EC", new NewKey(Optional.empty(), Attributes.NONE, true, Optional.of(policy)));
        assertThat(made.key().releasePolicy()).contains(policy);
        var other = new ReleasePolicy(ReleasePolicy.CONTENT_TYPE, "{}", false);
        assertRefused(
                Code.BAD_PARAMETER,
                () -> engine.as(
                        Role.CRYPTO_OFFICER,
                        new KeyUpdate(
                                key("out"),
                                Optional.empty(),
                                AttributesPatch.NONE,
                                Optional.empty(),
                                Optional.of(other))));
        assertThatThrownBy(
                        () -> engine.as(Role.CRYPTO_SERVICE_RELEASE_USER, new KeyRelease(key("out"), Optional.empty())))
                .hasMessageContaining("no attestation authority is trusted");
    }

    @Test
    void random_bytes_are_drawn_for_who_may_and_no_more_than_asked_at_once() {
        try (var drawn = engine.as(Role.CRYPTO_USER, new RandomBytesGet(PAYMENTS, 128))) {
            assertThat(drawn.length()).isEqualTo(128);
        }
        assertRefused(Code.BAD_PARAMETER, () -> engine.as(Role.CRYPTO_USER, new RandomBytesGet(PAYMENTS, 129)));
        assertRefused(Code.BAD_PARAMETER, () -> engine.as(Role.CRYPTO_USER, new RandomBytesGet(PAYMENTS, 0)));
        assertRefused(Code.FORBIDDEN, () -> engine.as(Role.READER, new RandomBytesGet(PAYMENTS, 1)));
    }

    @Test
    void each_operation_of_a_key_is_in_the_audit_by_key_vault_s_name_with_its_version() {
        var made = create("pay", "EC");
        sign("pay");
        assertRefused(Code.FORBIDDEN, () -> engine.as(Role.READER, new KeyRotate(key("pay"))));
        assertThat(engine.audit).extracting(line -> line.operation()).endsWith("KeyCreate", "KeySign", "KeyRotate");
        var signed = engine.audit.get(engine.audit.size() - 2);
        assertThat(signed.version()).contains(made.version().id());
        assertThat(signed.target()).isEqualTo(key("pay"));
        assertThat(engine.audit.getLast().result().status()).isEqualTo(403);
    }

    @Test
    void a_key_is_generated_once_though_another_writer_was_first() {
        create("pay", "EC");
        var before = engine.keys.generated.get();
        engine.keys.meanwhile = () -> update("pay", enabled(true, Map.of("by", "another")));
        var made = create("pay", "EC");
        assertThat(engine.keys.generated.get() - before).isEqualTo(1);
        assertThat(sign("pay").version()).isEqualTo(made.version().id());
        var versions = engine.as(Role.READER, new ObjectListVersions(key("pay"), 25, Optional.empty()))
                .entries();
        assertThat(versions).hasSize(2);
        assertThat(versions.getFirst().version().attributes().tags()).containsEntry("by", "another");
    }

    @Test
    void a_key_that_became_another_one_s_in_between_is_not_written() {
        create("pay", "EC");
        engine.keys.meanwhile = () -> engine.as(Role.CRYPTO_OFFICER, new ObjectDelete(key("pay")));
        assertRefused(Code.DELETED, () -> create("pay", "EC"));
    }

    @Test
    void an_algorithm_that_is_none_or_does_not_fit_is_the_caller_s_fault() {
        create("pay", "EC");
        for (String algorithm : List.of("", "es256", "RS256", "A256GCM", "ES384")) {
            assertRefused(
                    Code.BAD_PARAMETER,
                    () -> engine.as(
                            Role.CRYPTO_USER,
                            new KeySign(key("pay"), Optional.empty(), algorithm, SignatureInput.of(DIGEST))));
        }
        create("data", "RSA");
        assertRefused(
                Code.BAD_PARAMETER,
                () -> engine.as(
                        Role.CRYPTO_USER,
                        new KeyDecrypt(
                                key("data"),
                                Optional.empty(),
                                "RSA-OAEP",
                                Ciphertext.of(new byte[256]),
                                Optional.empty())));
    }
}
