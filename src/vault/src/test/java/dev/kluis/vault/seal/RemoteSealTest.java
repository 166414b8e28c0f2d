package dev.kluis.vault.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kluis.crypto.SealedBytesException;
import dev.kluis.crypto.SealingKey;
import dev.kluis.crypto.SecretAccess;
import dev.kluis.crypto.SecretBytes;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.seal.SealState.Held;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The root behind a remote key: started, restarted, rotated, with the remote key away and the process killed at a write. */
class RemoteSealTest {

    private static final byte[] USE = {1, 2, 3};

    private final SecureRandom random = new SecureRandom();
    private final KeptState state = new KeptState();
    private final FakeRemoteKey remote = new FakeRemoteKey(random);
    private final SealingKey key = SealingKey.generate(random);
    private boolean recordsExist;
    private RemoteSeal seal = start();

    /** Another process over what was kept. */
    private RemoteSeal start() {
        return new RemoteSeal(state, remote, () -> recordsExist, () -> Instant.EPOCH, random);
    }

    private void opens(RootKeySeal by, byte[] wrapped) {
        try {
            assertThat(by.unwrap(wrapped, USE).reveal(SecretAccess.GRANTED))
                    .isEqualTo(key.reveal(SecretAccess.GRANTED));
        } catch (SealedBytesException e) {
            throw new AssertionError(e);
        }
    }

    private void makeWhatIsDue() throws RemoteKeyException {
        seal.due(true).ifPresent(prepared -> prepared.make().run());
    }

    private String keptVersion() {
        String id = state.held.orElseThrow().data().get("key");
        return id.substring(id.lastIndexOf('/') + 1);
    }

    @Test
    void the_first_start_makes_a_root_and_every_other_has_the_same_unwrapped() throws RemoteKeyException {
        byte[] wrapped = seal.unseal().wrap(key, USE);
        recordsExist = true;

        seal = start();

        opens(seal.unseal(), wrapped);
        assertThat(state.writes).isOne();
        assertThat(state.held.orElseThrow().data())
                .containsEntry("kind", "keyvault")
                .containsEntry("key", FakeRemoteKey.ID + "/" + remote.current())
                .containsEntry("root", "1");
    }

    @Test
    void without_the_remote_key_there_is_no_root_and_with_it_again_there_is_the_same() throws RemoteKeyException {
        byte[] wrapped = seal.unseal().wrap(key, USE);
        seal = start();
        remote.reachable = false;
        assertThatThrownBy(seal::unseal).isInstanceOf(RemoteKeyException.class).hasMessage("it does not answer");
        remote.reachable = true;
        opens(seal.unseal(), wrapped);
    }

    @Test
    void nothing_is_kept_where_the_remote_key_is_away_or_does_not_give_back_what_it_took() {
        remote.reachable = false;
        assertThatThrownBy(seal::unseal).isInstanceOf(RemoteKeyException.class);
        remote.reachable = true;
        remote.forgetful = true;
        assertThatThrownBy(seal::unseal)
                .isInstanceOf(RemoteKeyException.class)
                .hasMessageContaining("does not unwrap what it wraps");
        assertThat(state.held).isEmpty();
    }

    @Test
    void once_there_are_records_no_root_is_made_whatever_is_missing() {
        recordsExist = true;
        assertThatThrownBy(seal::unseal)
                .isInstanceOf(VaultException.class)
                .hasMessageContaining("restore it")
                .hasMessageContaining("seal.kind");
        assertThat(state.held).isEmpty();
        assertThat(remote.asked).isZero();
    }

    @Test
    void of_two_first_starts_at_once_both_have_the_root_of_one() throws RemoteKeyException {
        var other = new RemoteSeal(
                new SealState() {
                    private boolean looked;

                    @Override
                    public Optional<Held> read() {
                        boolean first = !looked;
                        looked = true;
                        return first ? Optional.empty() : state.read();
                    }

                    @Override
                    public void put(Optional<String> tag, Map<String, String> data)
                            throws dev.kluis.vault.store.ConflictException {
                        state.put(tag, data);
                    }
                },
                remote,
                () -> false,
                () -> Instant.EPOCH,
                random);
        byte[] wrapped = seal.unseal().wrap(key, USE);
        opens(other.unseal(), wrapped);
    }

    @Test
    void after_the_start_the_remote_key_is_not_needed() throws RemoteKeyException {
        var unsealed = seal.unseal();
        remote.reachable = false;
        int asked = remote.asked;
        opens(unsealed, unsealed.wrap(key, USE));
        assertThat(seal.due(false)).isEmpty();
        assertThat(seal.rotating()).isFalse();
        assertThat(remote.asked).isEqualTo(asked);
        assertThatThrownBy(() -> seal.due(true)).isInstanceOf(RemoteKeyException.class);
    }

    @Test
    void what_the_remote_side_gets_to_see_is_never_the_root() throws RemoteKeyException, SealedBytesException {
        seal.unseal();
        state.ask("now");
        makeWhatIsDue();
        remote.rotate();
        makeWhatIsDue();
        var kept = WrappedRoot.decode(state.held.orElseThrow().data());
        assertThat(remote.seen).hasSizeGreaterThanOrEqualTo(3).doesNotHaveDuplicates();
        try (var wrapping = remote.unwrap(kept.key())) {
            var roots = kept.roots(SealingKey.of(SecretBytes.copyOf(wrapping.reveal(SecretAccess.GRANTED))));
            assertThat(roots).hasSize(2);
            roots.values().forEach(root -> assertThat(remote.seen).doesNotContain(root.reveal(SecretAccess.GRANTED)));
        }
    }

    @Test
    void a_rotated_remote_key_unwraps_by_its_old_version_until_its_new_one_has_wrapped() throws RemoteKeyException {
        byte[] wrapped = seal.unseal().wrap(key, USE);
        String old = remote.current();
        remote.rotate();
        seal = start();
        opens(seal.unseal(), wrapped);
        assertThat(keptVersion()).isEqualTo(old);

        makeWhatIsDue();
        assertThat(keptVersion()).isEqualTo(remote.current());
        assertThat(seal.due(true)).isEmpty();
        remote.disabled.add(old);
        seal = start();
        opens(seal.unseal(), wrapped);
    }

    @Test
    void a_disabled_version_seals_until_it_is_enabled_again() throws RemoteKeyException {
        byte[] wrapped = seal.unseal().wrap(key, USE);
        String old = remote.current();
        remote.rotate();
        remote.disabled.add(old);
        seal = start();
        assertThatThrownBy(seal::unseal).hasMessageContaining("disabled");
        remote.disabled.clear();
        opens(seal.unseal(), wrapped);
    }

    @Test
    void a_version_that_is_named_wraps_whichever_is_the_current_one() throws RemoteKeyException {
        String first = remote.current();
        remote.id = RemoteKeyId.parse(FakeRemoteKey.ID + "/" + first);
        remote.rotate();
        seal.unseal();
        assertThat(keptVersion()).isEqualTo(first);
        assertThat(seal.due(true)).isEmpty();
    }

    @Test
    void a_new_root_is_made_when_asked_and_once_for_each_text() throws RemoteKeyException {
        var unsealed = seal.unseal();
        byte[] old = unsealed.wrap(key, USE);
        state.ask("2026-11");
        makeWhatIsDue();
        assertThat(unsealed.newest()).isEqualTo(2);
        assertThat(seal.rotating()).isTrue();
        assertThat(seal.due(false)).isEmpty();
        byte[] fresh = unsealed.wrap(key, USE);

        seal = start();
        var again = seal.unseal();
        opens(again, old);
        opens(again, fresh);
        state.ask("2026-12");
        assertThat(seal.due(false)).as("while the rotation goes on").isEmpty();
        seal.finish();
        assertThat(seal.rotating()).isFalse();
        makeWhatIsDue();
        assertThat(again.newest()).isEqualTo(3);
        seal.finish();
        assertThat(state.held.orElseThrow().data()).containsEntry("rotated", "2026-12");

        seal = start();
        var last = seal.unseal();
        assertThat(last.newest()).isEqualTo(3);
        assertThatThrownBy(() -> last.unwrap(old, USE)).isInstanceOf(SealedBytesException.class);
    }

    @Test
    void without_the_remote_key_a_rotation_does_not_begin_and_changes_nothing() throws RemoteKeyException {
        var unsealed = seal.unseal();
        state.ask("now");
        var before = state.held;
        remote.reachable = false;
        assertThatThrownBy(() -> seal.due(false)).isInstanceOf(RemoteKeyException.class);
        assertThat(state.held).isEqualTo(before);
        assertThat(unsealed.newest()).isOne();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void killed_at_the_write_of_a_new_root_it_is_there_or_made_again(boolean afterwards) throws RemoteKeyException {
        byte[] wrapped = seal.unseal().wrap(key, USE);
        state.ask("now");
        state.killAt(0, afterwards);
        var prepared = seal.due(false).orElseThrow();
        assertThatThrownBy(prepared.make()::run).hasMessage("killed");

        seal = start();
        var unsealed = seal.unseal();
        makeWhatIsDue();

        assertThat(unsealed.newest()).isEqualTo(2);
        opens(unsealed, wrapped);
        assertThat(state.held.orElseThrow().data()).containsEntry("root", "2");
    }

    @Test
    void a_write_whose_answer_never_came_is_found_by_the_same_process() throws RemoteKeyException {
        var unsealed = seal.unseal();
        state.ask("now");
        state.killAt(0, true);
        assertThatThrownBy(seal.due(false).orElseThrow().make()::run).hasMessage("killed");
        assertThat(unsealed.newest()).isOne();
        assertThat(seal.due(false)).isEmpty();
        assertThat(unsealed.newest()).isEqualTo(2);
    }

    @Test
    void a_state_that_was_changed_in_between_is_not_overwritten() throws RemoteKeyException {
        seal.unseal();
        state.ask("now");
        var prepared = seal.due(false).orElseThrow();
        state.edit("created", text -> "2026-01-02T03:04:05Z");
        assertThatThrownBy(prepared.make()::run)
                .isInstanceOf(VaultException.class)
                .hasMessageContaining("changed at the same time");
    }

    @Test
    void every_edit_of_what_is_kept_is_found() throws RemoteKeyException {
        seal.unseal();
        remote.rotate();
        var good = state.held;
        Map.<String, java.util.function.UnaryOperator<String>>of(
                        "root", text -> "2",
                        "algorithm", text -> "RSA-OAEP-256",
                        "sealed", RemoteSealTest::flipped,
                        "wrapped", RemoteSealTest::flipped,
                        "key", text -> FakeRemoteKey.ID + "/" + remote.current(),
                        "more", text -> "than there is",
                        "kind", text -> "shamir")
                .forEach((field, change) -> {
                    state.held = good;
                    state.edit(field, change);
                    assertThatThrownBy(start()::unseal)
                            .as(field)
                            .isInstanceOfAny(VaultException.class, RemoteKeyException.class);
                });
        assertThat(state.writes).isOne();
    }

    private static String flipped(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        bytes[bytes.length - 1] ^= 1;
        return HexFormat.of().formatHex(bytes);
    }

    @Test
    void a_root_that_another_key_wrapped_is_not_looked_for_at_the_configured_one() throws RemoteKeyException {
        seal.unseal();
        remote.rename("another");
        int asked = remote.asked;
        assertThatThrownBy(start()::unseal)
                .isInstanceOf(VaultException.class)
                .hasMessageContaining("wrapped by another key");
        assertThat(remote.asked).isEqualTo(asked);
        remote.rename("ROOT");
        assertThat(start().unseal().newest()).isOne();
    }

    @Test
    void what_is_lost_while_it_serves_is_said_and_not_made_anew() throws RemoteKeyException {
        seal.unseal();
        var kept = state.held;
        state.held = Optional.empty();
        assertThatThrownBy(() -> seal.due(true)).hasMessageContaining("restore it before this process ends");
        state.held = kept;
        state.ask("now");
        makeWhatIsDue();
        state.held = kept;
        assertThatThrownBy(() -> seal.due(true)).hasMessageContaining("generation 2");
        assertThatThrownBy(seal::finish).isInstanceOf(VaultException.class);
    }

    @Test
    void a_root_that_somebody_else_put_there_opens_nothing_that_is_stored() throws RemoteKeyException {
        byte[] wrapped = seal.unseal().wrap(key, USE);
        state.held = Optional.of(new Held(remote.forged(SealingKey.generate(random), 1), "forged"));
        var forged = start().unseal();
        assertThatThrownBy(() -> forged.unwrap(wrapped, USE)).isInstanceOf(SealedBytesException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://a.b/keys/k",
                "https://localhost/keys/k",
                "https://10.0.0.1/keys/k",
                "https://user@a.b/keys/k",
                "https://a.b/keys/",
                "https://a.b/keys/k/",
                "https://a.b/keys/k/v/wrapkey",
                "https://a.b/secrets/k",
                "https://a.b/keys/k?x",
                "https://a.b/keys/k#x",
                "https://a.b/keys/k/../x",
                "https://a.b:0/keys/k",
                "https://a.b\\c.d/keys/k",
                ""
            })
    void what_is_no_id_of_a_key_is_refused(String text) {
        assertThatThrownBy(() -> RemoteKeyId.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void an_id_is_read_as_clients_write_it() {
        var id = RemoteKeyId.parse("HTTPS://Prod.Vault.Azure.NET:443/keys/Root/0123abcd");
        assertThat(id).hasToString("https://prod.vault.azure.net/keys/Root/0123abcd");
        assertThat(RemoteKeyId.parse(id.toString())).isEqualTo(id);
        assertThat(id.isOfSameKeyAs(RemoteKeyId.parse("https://prod.vault.azure.net/keys/root")))
                .isTrue();
        assertThat(id.isOfSameKeyAs(RemoteKeyId.parse("https://prod.vault.azure.net:8443/keys/root")))
                .isFalse();
        assertThat(RemoteKeyId.parse("https://a.b:8443/keys/k").host()).isEqualTo("a.b");
    }
}
