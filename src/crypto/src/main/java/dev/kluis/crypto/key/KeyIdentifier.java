package dev.kluis.crypto.key;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * The AlgorithmIdentifier in front of an encoded key, with its parameters: RFC 3279 §2.3.1 (RSA), RFC 5480 §2.1.1 (curves),
 * RFC 8410 §3 (Ed25519), RFC 9881 §3 (ML-DSA).
 */
enum KeyIdentifier {
    RSA("300d06092a864886f70d0101010500"),
    P256("301306072a8648ce3d020106082a8648ce3d030107"),
    P256K("301006072a8648ce3d020106052b8104000a"),
    P384("301006072a8648ce3d020106052b81040022"),
    P521("301006072a8648ce3d020106052b81040023"),
    ED25519("300506032b6570"),
    ML_DSA_44("300b0609608648016503040311"),
    ML_DSA_65("300b0609608648016503040312"),
    ML_DSA_87("300b0609608648016503040313");

    private final String hex;

    KeyIdentifier(String hex) {
        this.hex = hex;
    }

    /** The identifier in DER. */
    byte[] der() {
        return HexFormat.of().parseHex(hex);
    }

    static KeyIdentifier of(byte[] der) throws KeyRefusedException {
        String hex = HexFormat.of().formatHex(der);
        return Arrays.stream(values())
                .filter(one -> one.hex.equals(hex))
                .findFirst()
                .orElseThrow(() -> new KeyRefusedException(
                        Refusal.UNSUPPORTED_KEY, "the key is of a type or curve that is not offered"));
    }

    static KeyIdentifier of(EcCurve curve) {
        return switch (curve) {
            case P256 -> P256;
            case P256K -> P256K;
            case P384 -> P384;
            case P521 -> P521;
        };
    }

    static KeyIdentifier of(MlDsa parameters) {
        return switch (parameters) {
            case ML_DSA_44 -> ML_DSA_44;
            case ML_DSA_65 -> ML_DSA_65;
            case ML_DSA_87 -> ML_DSA_87;
        };
    }

    EcCurve curve() {
        return EcCurve.valueOf(name());
    }

    MlDsa mlDsa() {
        return MlDsa.valueOf(name());
    }
}
