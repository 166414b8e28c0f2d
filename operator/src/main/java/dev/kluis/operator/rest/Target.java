package dev.kluis.operator.rest;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a request asks for, in origin form (RFC 9112 §3.2.1): all of it is an attacker's. Percent-encoding is decoded once,
 * segment by segment, and what a segment then holds is letters, digits and {@code . _ -}: no slash, semicolon, percent
 * sign or control character is left for anything behind this to decode again. Dots are never resolved.
 *
 * @param segments of the path; empty ones at its begin and end are dropped, inside they stay
 * @param query by name; each name occurs once
 */
record Target(List<String> segments, Map<String, String> query) {

    private static final int MAX_SEGMENTS = 16;
    private static final int MAX_PARAMETERS = 16;
    private static final int MAX_VALUE = 2048;
    private static final Pattern SEGMENT = Pattern.compile("[0-9A-Za-z._-]{0,253}");
    private static final Pattern VALUE = Pattern.compile("[^\\p{Cntrl}]*");

    /** @throws RestException 400 for what is no such target */
    static Target parse(String uri) {
        if (!uri.startsWith("/")) {
            throw RestException.badParameter("the request's target does not start with a slash");
        }
        int mark = uri.indexOf('?');
        String path = mark < 0 ? uri : uri.substring(0, mark);
        return new Target(segments(path), mark < 0 ? Map.of() : query(uri.substring(mark + 1)));
    }

    private static List<String> segments(String path) {
        String[] raw = path.split("/", MAX_SEGMENTS + 4);
        var segments = new ArrayList<String>();
        for (String one : raw) {
            String segment = decode(one, false);
            if (!SEGMENT.matcher(segment).matches() || segment.equals(".") || segment.equals("..")) {
                throw RestException.badParameter(
                        "a segment of the path has other characters than letters, digits, '.', '_' and '-', or is one of"
                                + " '.' and '..'");
            }
            segments.add(segment);
        }
        while (!segments.isEmpty() && segments.getFirst().isEmpty()) {
            segments.removeFirst();
        }
        while (!segments.isEmpty() && segments.getLast().isEmpty()) {
            segments.removeLast();
        }
        if (segments.size() > MAX_SEGMENTS) {
            throw RestException.badParameter("the path has more than " + MAX_SEGMENTS + " segments");
        }
        return List.copyOf(segments);
    }

    private static Map<String, String> query(String text) {
        var query = new HashMap<String, String>();
        for (String pair : text.split("&", MAX_PARAMETERS + 1)) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            String name = decode(equals < 0 ? pair : pair.substring(0, equals), true);
            String value = equals < 0 ? "" : decode(pair.substring(equals + 1), true);
            if (value.length() > MAX_VALUE || !VALUE.matcher(value).matches()) {
                throw RestException.badParameter(
                        "a query parameter is longer than " + MAX_VALUE + " characters or has control characters");
            }
            if (query.size() == MAX_PARAMETERS || query.put(name, value) != null) {
                throw RestException.badParameter(
                        "the query has a parameter twice or more than " + MAX_PARAMETERS + " parameters");
            }
        }
        return Map.copyOf(query);
    }

    /** Once; in a query or a form a plus sign is a space. */
    static String decode(String text, boolean plusIsSpace) {
        if (plain(text, plusIsSpace)) {
            return text;
        }
        var bytes = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                // Of ASCII only: Character.digit takes the digits of other scripts too.
                boolean complete = text.length() - i > 2
                        && HexFormat.isHexDigit(text.charAt(i + 1))
                        && HexFormat.isHexDigit(text.charAt(i + 2));
                if (!complete) {
                    throw RestException.badParameter("the request's target has a percent sign without two digits");
                }
                bytes.write(HexFormat.fromHexDigits(text, i + 1, i + 3));
                i += 2;
            } else if (c > 0x20 && c < 0x7f) {
                bytes.write(c == '+' && plusIsSpace ? ' ' : c);
            } else {
                throw RestException.badParameter("the request's target is not ASCII");
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw RestException.badParameter("the request's target is not UTF-8");
        }
    }

    /** Whether nothing is there to decode, as in nearly all that is asked for. */
    private static boolean plain(String text, boolean plusIsSpace) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= 0x20 || c >= 0x7f || c == '%' || (c == '+' && plusIsSpace)) {
                return false;
            }
        }
        return true;
    }
}
