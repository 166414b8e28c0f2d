package dev.kluis.crypto.key;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The members of a JWK that carries a private or symmetric key, decoded from base64url: what a caller imports. Zeroed by
 * {@link #close}.
 */
public final class JwkMembers implements AutoCloseable {

    /** The longest member in bytes. */
    public static final int MAX_MEMBER = 4096;

    private static final Set<String> NAMES =
            Set.of("n", "e", "d", "p", "q", "dp", "dq", "qi", "x", "y", "k", "pub", "priv");

    private final String kty;
    private final @Nullable String parameter;
    private final Map<String, byte[]> members;

    /**
     * @param kty {@code RSA}, {@code EC}, {@code OKP}, {@code oct} or {@code AKP}
     * @param parameter {@code crv} for EC and OKP, {@code alg} for AKP, else null
     * @param members the arrays belong to the result; names that it does not know are left out (RFC 7517 §4)
     * @throws KeyRefusedException {@link Refusal#INVALID_KEY} when a member is longer than {@value #MAX_MEMBER} bytes
     */
    public JwkMembers(String kty, @Nullable String parameter, Map<String, byte[]> members) throws KeyRefusedException {
        this.kty = kty;
        this.parameter = parameter;
        this.members = new HashMap<>(members);
        this.members.keySet().retainAll(NAMES);
        if (members.values().stream().anyMatch(one -> one.length > MAX_MEMBER)) {
            throw new KeyRefusedException(
                    Refusal.INVALID_KEY, "a member of a key has at most " + MAX_MEMBER + " bytes");
        }
    }

    String kty() {
        return kty;
    }

    Optional<String> parameter() {
        return Optional.ofNullable(parameter);
    }

    byte @Nullable [] get(String name) {
        return members.get(name);
    }

    @Override
    public void close() {
        members.values().forEach(one -> Arrays.fill(one, (byte) 0));
    }

    @Override
    public String toString() {
        return "JwkMembers[" + members.keySet() + "]";
    }
}
