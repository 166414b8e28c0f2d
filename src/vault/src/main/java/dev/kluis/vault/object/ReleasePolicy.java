package dev.kluis.vault.object;

/**
 * Under what a key may be released. It is kept and compared as it was given; whether an environment fulfils it is decided
 * when a key is released.
 *
 * @param contentType at most 255 bytes of UTF-8
 * @param data the policy, JSON, at most {@value #MAX_DATA} bytes of UTF-8
 * @param immutable no later one replaces it
 */
public record ReleasePolicy(String contentType, String data, boolean immutable) {

    public static final String CONTENT_TYPE = "application/json; charset=utf-8";
    public static final int MAX_CONTENT_TYPE = 255;
    public static final int MAX_DATA = 4096;
}
