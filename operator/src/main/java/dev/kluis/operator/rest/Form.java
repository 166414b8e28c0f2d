package dev.kluis.operator.rest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.HashMap;
import java.util.Map;

/** A body of {@code application/x-www-form-urlencoded}, as OAuth's clients send: all of it is an attacker's. */
final class Form {

    private static final int MAX_FIELDS = 32;

    private Form() {}

    /**
     * The fields by name, each of which occurs once (RFC 6749 §3.2).
     *
     * @throws RestException 400 for what is no such body
     */
    static Map<String, String> parse(byte[] body) {
        var fields = new HashMap<String, String>();
        for (String pair : new String(body, ISO_8859_1).split("&", MAX_FIELDS + 1)) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            String name = Target.decode(equals < 0 ? pair : pair.substring(0, equals), true);
            String value = equals < 0 ? "" : Target.decode(pair.substring(equals + 1), true);
            if (fields.size() == MAX_FIELDS || fields.put(name, value) != null) {
                throw RestException.badParameter("the form has a field twice or more than " + MAX_FIELDS + " fields");
            }
        }
        return fields;
    }
}
