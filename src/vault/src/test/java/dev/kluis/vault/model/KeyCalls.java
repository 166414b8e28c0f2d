package dev.kluis.vault.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kluis.crypto.SealingKey;
import dev.kluis.crypto.SecretBytes;
import dev.kluis.crypto.key.JwkMembers;
import dev.kluis.crypto.key.KeyOperation;
import dev.kluis.crypto.key.KeyRefusedException;
import dev.kluis.crypto.key.SignatureInput;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.key.KeyImport;
import dev.kluis.vault.key.KeySign;
import dev.kluis.vault.key.KeyUpdate;
import dev.kluis.vault.key.NewKey;
import dev.kluis.vault.model.Call.Patch;
import dev.kluis.vault.model.Call.SetValue;
import dev.kluis.vault.object.Attributes;
import dev.kluis.vault.object.AttributesPatch;
import dev.kluis.vault.object.KeyDetail;
import dev.kluis.vault.object.ObjectVersion;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The model's words for keys: a value is a symmetric key that is made of its number, to get it is to sign with it, and its
 * type is what it is for.
 */
final class KeyCalls {

    private static final byte[] MESSAGE = "what is signed".getBytes(UTF_8);
    private static final Map<String, List<String>> OPERATIONS = Map.of(
            "", List.of("sign", "verify"),
            "text/plain", List.of("sign"),
            "application/json", List.of("sign", "encrypt"));

    private final Callers callers;

    KeyCalls(Callers callers) {
        this.callers = callers;
    }

    private static byte[] bytes(int value) {
        return "%032d".formatted(value).getBytes(UTF_8);
    }

    KeyImport bring(ObjectId id, SetValue set) {
        try {
            return new KeyImport(
                    id,
                    new JwkMembers("oct", null, new HashMap<>(Map.of("k", bytes(set.value())))),
                    new NewKey(
                            Optional.of(OPERATIONS.get("")),
                            new Attributes(
                                    true,
                                    Optional.empty(),
                                    Optional.empty(),
                                    Map.of("value", Integer.toString(set.value()))),
                            false,
                            Optional.empty()),
                    Optional.empty(),
                    set.ifRevision());
        } catch (KeyRefusedException e) {
            throw new AssertionError(e);
        }
    }

    KeySign sign(ObjectId id, Optional<String> version) {
        return new KeySign(id, version, "HS256", SignatureInput.of(MESSAGE));
    }

    /** The number of the value that signed, which its signature proves. */
    int signed(KeySign.Result result) {
        for (var known : callers.ids.entrySet()) {
            if (known.getValue().equals(result.version())) {
                assertThat(result.signature()).isEqualTo(hmac(known.getKey()));
                return known.getKey();
            }
        }
        // Another caller made it and was not told yet.
        for (int value = callers.values.get(); value > 0; value--) {
            if (Arrays.equals(result.signature(), hmac(value))) {
                return value;
            }
        }
        throw new AssertionError("a signature by no key that was ever brought");
    }

    private static byte[] hmac(int value) {
        try (var key = SealingKey.of(SecretBytes.owning(bytes(value)))) {
            return key.commit(SecretBytes.owning(MESSAGE.clone()));
        }
    }

    KeyUpdate update(ObjectId id, Optional<String> version, Patch patch) {
        return new KeyUpdate(
                id,
                version,
                new AttributesPatch(Optional.of(patch.enabled()), Optional.empty(), Optional.empty(), Optional.empty()),
                Optional.of(OPERATIONS.get(patch.type())),
                Optional.empty());
    }

    static String type(ObjectVersion version) {
        Set<String> operations = KeyDetail.of(version).operations().stream()
                .map(KeyOperation::jose)
                .collect(Collectors.toSet());
        return OPERATIONS.entrySet().stream()
                .filter(type -> Set.copyOf(type.getValue()).equals(operations))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
    }
}
