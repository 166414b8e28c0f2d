package dev.kluis.operator.rest;

import java.util.Map;

/** A request was refused at this face. The message is meant for the client and holds no secret. */
public final class RestException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    static final int NOT_FOUND = 404;
    static final int TIMEOUT = 408;

    private final int status;
    private final String code;
    private final String inner;

    @SuppressWarnings("serial") // never serialized
    private final Map<String, String> headers;

    private RestException(int status, String code, String inner, String message, Map<String, String> headers) {
        super(message);
        this.status = status;
        this.code = code;
        this.inner = inner;
        this.headers = headers;
    }

    /**
     * @param code Key Vault's, such as {@code Conflict}
     * @param inner Key Vault's inner code; empty is none
     */
    public RestException(int status, String code, String inner, String message) {
        this(status, code, inner, message, Map.of());
    }

    public static RestException badParameter(String message) {
        return new RestException(400, "BadParameter", "", message);
    }

    public static RestException notFound(String message) {
        return new RestException(NOT_FOUND, "NotFound", "", message);
    }

    /** @param afterSeconds when trying again helps */
    public static RestException unavailable(String inner, String message, int afterSeconds) {
        return new RestException(
                503, "ServiceUnavailable", inner, message, Map.of("Retry-After", String.valueOf(afterSeconds)));
    }

    /** Of the body not enough came in time: the request ends with the answer. */
    static RestException timeout(String message) {
        return new RestException(TIMEOUT, "RequestTimeout", "", message);
    }

    static RestException methodNotAllowed(String message, String allowed) {
        return new RestException(405, "MethodNotAllowed", "", message, Map.of("Allow", allowed));
    }

    static RestException throttled(String message) {
        return throttled(message, 1);
    }

    /** @param afterSeconds when trying again helps */
    static RestException throttled(String message, int afterSeconds) {
        return new RestException(429, "Throttled", "", message, Map.of("Retry-After", String.valueOf(afterSeconds)));
    }

    static RestException unauthorized(String message, String challenge) {
        return new RestException(401, "Unauthorized", "", message, Map.of("WWW-Authenticate", challenge));
    }

    int status() {
        return status;
    }

    Response response() {
        return Response.error(status, code, inner, String.valueOf(getMessage()), headers);
    }
}
