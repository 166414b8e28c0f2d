package dev.kluis.operator.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.DirectDecrypter;
import com.nimbusds.jose.crypto.DirectEncrypter;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import dev.kluis.crypto.SecretAccess;
import dev.kluis.crypto.SecretBytes;
import dev.kluis.vault.seal.Seal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * The keys of access tokens that come from one root key: they are the same on every replica and after every start, and
 * nothing has to be stored. Only Kluis makes and reads its tokens, so that they are symmetric.
 *
 * @param id in the header of tokens; it is derived too and tells nothing of the keys
 * @param signer HS256 (RFC 7518 §3.2)
 * @param encrypter dir with A256GCM (RFC 7518 §4.5, §5.3)
 */
record TokenKey(
        String id, MACSigner signer, MACVerifier verifier, DirectEncrypter encrypter, DirectDecrypter decrypter) {

    /** Of every id, so that another issuer's token is told from Kluis's own by its header. */
    static final String ID_PREFIX = "kluis-at-";

    private static final int ID_BYTES = 8;

    /** One for each root that is here, the newest last. */
    static List<TokenKey> of(Seal seal) {
        var ids = seal.derive("token/id");
        var signing = seal.derive("token/signing");
        var sealing = seal.derive("token/proof");
        var keys = new ArrayList<TokenKey>();
        for (int i = 0; i < ids.size(); i++) {
            keys.add(of(ids.get(i), signing.get(i), sealing.get(i)));
        }
        return List.copyOf(keys);
    }

    private static TokenKey of(SecretBytes id, SecretBytes signing, SecretBytes sealing) {
        byte[] mac = signing.reveal(SecretAccess.GRANTED);
        byte[] seal = sealing.reveal(SecretAccess.GRANTED);
        try (id;
                signing;
                sealing) {
            return new TokenKey(
                    ID_PREFIX + HexFormat.of().formatHex(id.reveal(SecretAccess.GRANTED), 0, ID_BYTES),
                    new MACSigner(mac.clone()),
                    new MACVerifier(mac.clone()),
                    new DirectEncrypter(seal.clone()),
                    new DirectDecrypter(seal.clone()));
        } catch (JOSEException e) {
            throw new IllegalStateException("a key of 32 bytes is one for HS256 and A256GCM", e);
        } finally {
            Arrays.fill(mac, (byte) 0);
            Arrays.fill(seal, (byte) 0);
        }
    }

    @Override
    public String toString() {
        return id;
    }
}
