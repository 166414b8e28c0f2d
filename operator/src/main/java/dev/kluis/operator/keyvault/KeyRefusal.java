package dev.kluis.operator.keyvault;

import dev.kluis.operator.rest.Json;
import dev.kluis.operator.rest.RestException;
import dev.kluis.vault.seal.RemoteKeyException;
import dev.kluis.vault.seal.RemoteKeyId;
import java.net.http.HttpResponse;

/** Says of a request that a Key Vault refused what is the matter and what to do, without its own words. */
record KeyRefusal(String operation, RemoteKeyId key) {

    static final String WHO = "the vault of seal.keyvault.key";
    static final int UNAUTHORIZED = 401;
    private static final int BUSY = 429;
    private static final int NOT_FOUND = 404;
    private static final int FORBIDDEN = 403;
    private static final int BAD_REQUEST = 400;
    private static final int FAULT = 500;

    RemoteKeyException by(HttpResponse<byte[]> answer) {
        int status = answer.statusCode();
        var codes = ErrorCodes.read(answer.body());
        if (status == BUSY || status >= FAULT) {
            return new RemoteKeyException(
                    WHO + " is busy, down or sealed (" + status + codes.text() + "); Kluis tries again by itself");
        }
        return new RemoteKeyException(
                switch (status) {
                    case UNAUTHORIZED ->
                        WHO + " does not take the token that seal.keyvault's identity got: check seal.keyvault.tenant";
                    case FORBIDDEN -> forbidden(codes.inner()) + codes.inBrackets();
                    case NOT_FOUND -> version() + " is not there: recover or restore it" + codes.inBrackets();
                    case BAD_REQUEST ->
                        version()
                                + " does not do this with seal.keyvault.algorithm: RSA keys do RSA-OAEP-256, symmetric ones"
                                + " of 256 bits A256KW" + codes.inBrackets();
                    default -> WHO + " answers " + status + codes.text() + ": check seal.keyvault.key";
                });
    }

    private String forbidden(String inner) {
        return switch (inner) {
            case "KeyDisabled" -> version() + " is disabled: enable it";
            case "KeyExpired", "KeyNotYetValid" -> version() + " is outside of its time: change its nbf or exp";
            case "KeyOperationForbidden" ->
                version() + " is not for this: its key_ops have to hold wrapKey and unwrapKey";
            case "ForbiddenByFirewall" -> WHO + " lets nobody in from here: its firewall has to allow Kluis";
            default ->
                "Kluis's identity may not use the key of seal.keyvault.key: it needs the role Key Vault Crypto Service"
                        + " Encryption User on it";
        };
    }

    private String version() {
        return key.version()
                .map(version -> "version " + version + " of the key of seal.keyvault.key"
                        + (operation.equals("unwrapkey") ? ", by which the root key is wrapped," : ""))
                .orElse("the current version of the key of seal.keyvault.key");
    }

    /** Key Vault's error: {@code {"error": {"code", "innererror": {"code"}}}}; its message is not repeated. */
    private record ErrorCodes(String code, String inner) {

        private static final String LEGAL = "[0-9A-Za-z]{1,64}";

        static ErrorCodes read(byte[] body) {
            var codes = new String[] {"", ""};
            try {
                Json.read(body, (name, value) -> {
                    if (name.equals("error")) {
                        var error = Json.tree(value);
                        codes[0] = error.path("code").asText();
                        codes[1] = error.path("innererror").path("code").asText();
                    }
                });
            } catch (RestException e) {
                return new ErrorCodes("", "");
            }
            return new ErrorCodes(legal(codes[0]), legal(codes[1]));
        }

        private static String legal(String code) {
            return code.matches(LEGAL) ? code : "";
        }

        String text() {
            return code.isEmpty() ? "" : " " + (inner.isEmpty() ? code : inner);
        }

        String inBrackets() {
            return code.isEmpty() ? "" : " (" + (inner.isEmpty() ? code : inner) + ")";
        }
    }
}
