package dev.kluis.vault.key;

import dev.kluis.crypto.key.EcCurve;
import dev.kluis.crypto.key.KeySpec;
import dev.kluis.crypto.key.MlDsa;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.VaultException.Code;
import dev.kluis.vault.object.ObjectRules;
import java.util.Optional;

/**
 * What kind of key somebody asks for, in Key Vault's words. What is left out is the smallest that is good enough.
 *
 * @param kty {@code RSA}, {@code EC}, {@code oct}, {@code OKP} or {@code AKP}
 * @param size in bits, of RSA and oct
 * @param exponent the public one, of RSA
 * @param parameter {@code crv} of EC and OKP, {@code alg} of AKP
 */
public record WantedKey(String kty, Optional<Integer> size, Optional<Long> exponent, Optional<String> parameter) {

    private static final String HSM = "-HSM";
    private static final int DEFAULT_RSA = 2048;
    private static final long DEFAULT_EXPONENT = 65537;
    private static final int DEFAULT_OCT = 256;

    /** @throws VaultException when it is not offered */
    KeySpec spec() {
        if (kty.endsWith(HSM)) {
            throw new VaultException(
                    Code.BAD_PARAMETER,
                    "'kty' asks for a key in a hardware module, and this vault has none: leave '" + HSM + "' out");
        }
        return switch (kty) {
            case "RSA" -> {
                only(parameter.isEmpty(), "a curve is for keys of type EC and OKP");
                yield rsa();
            }
            case "EC" -> {
                onlyParameter();
                yield new KeySpec.Ec(EcCurve.of(parameter.orElse(EcCurve.P256.jose()))
                        .orElseThrow(() -> bad("'crv' is one of P-256, P-256K, P-384 and P-521")));
            }
            case "OKP" -> {
                onlyParameter();
                only(parameter.filter(crv -> !crv.equals(KeySpec.Okp.CRV)).isEmpty(), "'crv' is " + KeySpec.Okp.CRV);
                yield new KeySpec.Okp();
            }
            case "oct" -> {
                only(parameter.isEmpty() && exponent.isEmpty(), "a symmetric key has a size and nothing else");
                int bits = size.orElse(DEFAULT_OCT);
                only(KeySpec.Oct.SIZES.contains(bits), "'key_size' is one of 128, 192, 256, 384 and 512");
                yield new KeySpec.Oct(bits);
            }
            case "AKP" -> {
                onlyParameter();
                yield new KeySpec.Akp(parameter
                        .flatMap(MlDsa::of)
                        .orElseThrow(() -> bad("'alg' is one of ML-DSA-44, ML-DSA-65 and ML-DSA-87")));
            }
            default -> throw bad("'kty' is one of RSA, EC, oct, OKP and AKP");
        };
    }

    /** @throws VaultException when a key of this kind is another one than is asked for; any exponent is good enough */
    void requireFits(KeySpec brought) {
        var asked = spec();
        boolean fits = brought.equals(asked) || (exponent.isEmpty() && equalButExponent(brought, asked));
        only(fits, "the key is of the kind " + brought.text() + ", and one of " + asked.text() + " is declared");
    }

    private static boolean equalButExponent(KeySpec one, KeySpec other) {
        return one instanceof KeySpec.Rsa first && other instanceof KeySpec.Rsa second && first.bits() == second.bits();
    }

    private KeySpec rsa() {
        int bits = size.orElse(DEFAULT_RSA);
        long e = exponent.orElse(DEFAULT_EXPONENT);
        only(KeySpec.Rsa.SIZES.contains(bits), "'key_size' is one of 2048, 3072 and 4096");
        only(e == 3 || e == DEFAULT_EXPONENT, "'public_exponent' is 65537 or 3");
        return new KeySpec.Rsa(bits, (int) e);
    }

    private void onlyParameter() {
        only(
                size.isEmpty() && exponent.isEmpty(),
                "'key_size' is for keys of type RSA and oct, 'public_exponent' of type RSA");
    }

    private static void only(boolean legal, String otherwise) {
        ObjectRules.require(legal, otherwise);
    }

    private static VaultException bad(String what) {
        return new VaultException(Code.BAD_PARAMETER, what);
    }
}
