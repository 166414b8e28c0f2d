package dev.kluis.operator.keyvault;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonToken;
import dev.kluis.operator.keyvault.KeyVaultSettings.ClientSecret;
import dev.kluis.operator.keyvault.KeyVaultSettings.FederatedToken;
import dev.kluis.operator.keyvault.KeyVaultSettings.Identity;
import dev.kluis.operator.rest.Json;
import dev.kluis.operator.rest.RestException;
import dev.kluis.vault.seal.RemoteKeyException;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Gets access tokens by OAuth 2.0's client credentials (RFC 6749 §4.4). */
final class ClientCredentials {

    private static final String WHO = "the token endpoint of seal.keyvault.authorityHost";
    private static final String ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    private static final int LONGEST_PROOF = 16 * 1024;
    private static final Pattern TOKEN = Pattern.compile("[0-9A-Za-z._~+/-]{1,32768}=*");
    private static final Pattern ERROR = Pattern.compile("[a-z_]{1,64}");
    private static final int BUSY = 429;

    private final Identity identity;

    ClientCredentials(Identity identity) {
        this.identity = identity;
    }

    /** An access token for a resource. */
    String token(Https https, String resource) throws RemoteKeyException {
        byte[] form = form(resource);
        try {
            var answer = https.send(
                    WHO,
                    HttpRequest.newBuilder(identity.tokenEndpoint())
                            .header("Content-Type", "application/x-www-form-urlencoded")
                            .header("Accept", "application/json")
                            .POST(BodyPublishers.ofByteArray(form)));
            return token(answer);
        } finally {
            Arrays.fill(form, (byte) 0);
        }
    }

    private byte[] form(String resource) throws RemoteKeyException {
        var fields = new LinkedHashMap<String, String>();
        fields.put("grant_type", "client_credentials");
        fields.put("client_id", identity.clientId());
        fields.put("scope", resource + "/.default");
        switch (identity.proof()) {
            case FederatedToken token -> {
                fields.put("client_assertion_type", ASSERTION_TYPE);
                fields.put("client_assertion", read(token.file(), "the ServiceAccount's token"));
            }
            case ClientSecret secret -> fields.put("client_secret", read(secret.file(), "the client's secret"));
        }
        return fields.entrySet().stream()
                .map(ClientCredentials::encoded)
                .collect(Collectors.joining("&"))
                .getBytes(US_ASCII);
    }

    private static String encoded(Map.Entry<String, String> field) {
        return field.getKey() + "=" + URLEncoder.encode(field.getValue(), UTF_8);
    }

    private static String read(Path file, String what) throws RemoteKeyException {
        try (var in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(LONGEST_PROOF + 1);
            String text = new String(bytes, UTF_8).strip();
            if (text.isEmpty() || bytes.length > LONGEST_PROOF) {
                throw new RemoteKeyException("the file with " + what + " is empty, or longer than " + LONGEST_PROOF
                        + " bytes: check seal.keyvault");
            }
            return text;
        } catch (IOException e) {
            throw new RemoteKeyException("the file with " + what + " cannot be read: check seal.keyvault");
        }
    }

    /** What the endpoint answered, as far as it is of interest. */
    private static final class Read {
        String token = "";
        String error = "";
        int detail;
    }

    private static String token(HttpResponse<byte[]> answer) throws RemoteKeyException {
        var read = read(answer.body());
        int status = answer.statusCode();
        if (status == 200 && TOKEN.matcher(read.token).matches()) {
            return read.token;
        }
        if (status == BUSY || status / 100 == 5) {
            throw new RemoteKeyException(WHO + " is busy or down (" + status + "); Kluis tries again by itself");
        }
        if (read.error.isEmpty()) {
            throw new RemoteKeyException(WHO + " answers " + status
                    + " and no token: check seal.keyvault.authorityHost and seal.keyvault.tenant");
        }
        throw new RemoteKeyException(WHO + " refuses Kluis's identity (" + read.error
                + (read.detail > 0 ? ", AADSTS" + read.detail : "")
                + "): check seal.keyvault.tenant and clientId, and that this ServiceAccount or secret is what the client"
                + " proves itself by");
    }

    private static Read read(byte[] body) {
        var read = new Read();
        try {
            Json.read(body, (name, value) -> {
                boolean text = value.currentToken() == JsonToken.VALUE_STRING;
                if (name.equals("access_token") && text) {
                    read.token = value.getText();
                } else if (name.equals("error") && text) {
                    read.error = ERROR.matcher(value.getText()).matches() ? value.getText() : "";
                } else if (name.equals("error_codes")) {
                    read.detail = Json.tree(value).path(0).asInt();
                }
            });
        } catch (RestException e) {
            return new Read();
        } finally {
            Arrays.fill(body, (byte) 0);
        }
        return read;
    }
}
