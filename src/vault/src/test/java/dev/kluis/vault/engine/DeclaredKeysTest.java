package dev.kluis.vault.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kluis.crypto.key.KeyOperation;
import dev.kluis.crypto.key.KeySpec;
import dev.kluis.crypto.key.SignatureInput;
import dev.kluis.vault.Caller;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.Operation;
import dev.kluis.vault.Owner;
import dev.kluis.vault.Ownership;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.VaultException.Code;
import dev.kluis.vault.VaultOperations.VaultGet;
import dev.kluis.vault.access.Role;
import dev.kluis.vault.key.KeyCreate;
import dev.kluis.vault.key.KeyImportSealed;
import dev.kluis.vault.key.KeyRelease;
import dev.kluis.vault.key.KeySetAttributes;
import dev.kluis.vault.key.KeySign;
import dev.kluis.vault.key.KeyVerify;
import dev.kluis.vault.key.NewKey;
import dev.kluis.vault.key.WantedKey;
import dev.kluis.vault.object.Attributes;
import dev.kluis.vault.object.ObjectOperations.ObjectGetMetadata;
import dev.kluis.vault.object.ObjectView;
import dev.kluis.vault.object.VersionView;
import dev.kluis.vault.seal.SealedText;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What resources do to keys. */
class DeclaredKeysTest {

    private static final Caller RESOURCE = new Caller.Resource(new Owner("VaultKey", "payments", "mac"), "uid");
    private static final ObjectId MAC = ObjectId.key(Engine.PAYMENTS, "mac");
    private static final String ONE = "{\"kty\":\"oct\",\"k\":\"%s\"}".formatted("A".repeat(43));
    private static final String TWO = "{\"kty\":\"oct\",\"k\":\"%sE\"}".formatted("A".repeat(42));

    private final Engine engine = new Engine().withVault();

    private static WantedKey oct(int bits) {
        return new WantedKey("oct", Optional.of(bits), Optional.empty(), Optional.empty());
    }

    private String seal(ObjectId id, String jwk) {
        var recipient = engine.vault
                .execute(Engine.DECLARATION, new VaultGet(Engine.PAYMENTS))
                .orElseThrow()
                .recipient();
        return SealedText.seal(id, recipient, Engine.text(jwk), engine.random);
    }

    private VersionView take(String sealed) {
        return take(sealed, oct(256));
    }

    private VersionView take(String sealed, WantedKey wanted) {
        return engine.vault.execute(
                RESOURCE, new KeyImportSealed(MAC, sealed, wanted, NewKey.USUAL, Optional.empty(), Optional.empty()));
    }

    private ObjectView there() {
        return engine.vault.execute(RESOURCE, new ObjectGetMetadata(MAC)).orElseThrow();
    }

    private static void refused(Code code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String text) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        VaultException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(text);
    }

    @Test
    void a_sealed_key_becomes_a_version_and_its_text_is_remembered() {
        String sealed = seal(MAC, ONE);

        assertThat(take(sealed).key().spec()).isEqualTo(new KeySpec.Oct(256));

        assertThat(there().ownership().map(Ownership::sealed)).contains(SealedText.hash(sealed));
        engine.restart();
        assertThat(there().state().versions()).hasSize(1);
    }

    @Test
    void the_same_key_sealed_again_makes_no_version_and_another_one_does() {
        var first = take(seal(MAC, ONE));
        String again = seal(MAC, ONE);

        assertThat(take(again).version()).isEqualTo(first.version());
        assertThat(there().ownership().map(Ownership::sealed)).contains(SealedText.hash(again));
        take(seal(MAC, TWO));
        assertThat(there().state().versions()).hasSize(2);
    }

    @Test
    void attack_25_a_key_that_was_sealed_for_another_name_or_as_a_secret_is_refused() {
        refused(Code.BAD_PARAMETER, () -> take(seal(ObjectId.key(Engine.PAYMENTS, "other"), ONE)), "seal it again");
        refused(Code.BAD_PARAMETER, () -> take(seal(Engine.secret("mac"), ONE)), "seal it again");
        assertThat(engine.vault.summary(MAC)).isEmpty();
    }

    @Test
    void a_sealed_text_that_is_no_key_of_the_declared_kind_is_refused_and_nothing_of_it_is_told() {
        refused(Code.BAD_PARAMETER, () -> take(seal(MAC, ONE), oct(128)), "one of oct-128 is declared");
        refused(Code.BAD_PARAMETER, () -> take(seal(MAC, "{\"k\":\"AAAA\"}")), "'key.kty' is missing");
        refused(Code.BAD_PARAMETER, () -> take(seal(MAC, "[]")), "not an object");
        refused(Code.BAD_PARAMETER, () -> take(seal(MAC, ONE + "{}")), "goes on behind");
        refused(Code.BAD_PARAMETER, () -> take(seal(MAC, ONE.replace("}", ",\"k\":\"AAAA\"}"))), "each name once");
        refused(Code.BAD_PARAMETER, () -> take(seal(MAC, ONE.replace("AAA", "A=A"))), "'k' is not base64url");
        assertThatThrownBy(() -> take(seal(MAC, "hunter2")))
                .isInstanceOf(VaultException.class)
                .hasMessageNotContaining("hunter2");
        assertThat(engine.vault.summary(MAC)).isEmpty();
    }

    @Test
    void the_right_to_import_is_asked_before_anything_is_opened() {
        refused(
                Code.FORBIDDEN,
                () -> engine.as(
                        Role.CRYPTO_USER,
                        new KeyImportSealed(
                                MAC, "kluis1:AAAA", oct(256), NewKey.USUAL, Optional.empty(), Optional.empty())),
                "may not");
    }

    @Test
    void a_resource_declares_its_key_and_does_not_use_it() {
        engine.vault.execute(RESOURCE, new KeyCreate(MAC, oct(256), NewKey.USUAL));
        var uses = List.<Operation<?>>of(
                new KeySign(MAC, Optional.empty(), "HS256", SignatureInput.of(new byte[32])),
                new KeyVerify(MAC, Optional.empty(), "HS256", SignatureInput.of(new byte[32]), new byte[32]),
                new KeyRelease(MAC, Optional.empty()));
        assertThat(uses)
                .allSatisfy(use -> refused(
                        Code.FORBIDDEN,
                        () -> engine.vault.execute(RESOURCE, use),
                        "declares a key and does not use it"));
    }

    @Test
    void attributes_and_operations_become_exactly_what_is_given() {
        var end = Instant.parse("2040-01-01T00:00:00Z");
        var ending = new Attributes(false, Optional.empty(), Optional.of(end), Map.of("a", "b"));
        engine.vault.execute(
                RESOURCE,
                new KeyCreate(
                        MAC, oct(256), new NewKey(Optional.of(List.of("sign")), ending, false, Optional.empty())));
        var usual = new KeySetAttributes(MAC, Attributes.NONE, Optional.empty());
        assertThat(usual.changes(there().state().current())).isTrue();

        var now = engine.vault.execute(RESOURCE, usual);

        assertThat(now.version().attributes()).isEqualTo(Attributes.NONE);
        assertThat(now.key().operations())
                .containsExactlyInAnyOrder(
                        KeyOperation.ENCRYPT, KeyOperation.DECRYPT, KeyOperation.WRAP_KEY, KeyOperation.UNWRAP_KEY);
        assertThat(usual.changes(there().state().current())).isFalse();
        long revision = there().revision();
        engine.vault.execute(RESOURCE, usual);
        assertThat(there().revision()).isEqualTo(revision);
    }
}
