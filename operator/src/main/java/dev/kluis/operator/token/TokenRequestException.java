package dev.kluis.operator.token;

/** The token endpoint refused; the message is meant for the client and quotes nothing of what it sent. */
public final class TokenRequestException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What is wrong, RFC 6749 §5.2. */
    public enum Problem {
        INVALID_REQUEST(400),
        INVALID_CLIENT(401),
        INVALID_SCOPE(400),
        UNSUPPORTED_GRANT_TYPE(400),
        /** Trying again helps, RFC 6749 §4.1.2.1. */
        TEMPORARILY_UNAVAILABLE(503),
        /** Trying again helps, but not at once. */
        SLOW_DOWN(429);

        private final int status;

        Problem(int status) {
            this.status = status;
        }

        /** Of the HTTP response. */
        public int status() {
            return status;
        }
    }

    private final Problem problem;
    private final int retryAfter;

    TokenRequestException(Problem problem, String message) {
        this(problem, message, 1);
    }

    private TokenRequestException(Problem problem, String message, int retryAfter) {
        super(message);
        this.problem = problem;
        this.retryAfter = retryAfter;
    }

    /** @param seconds after which trying again helps */
    static TokenRequestException slowDown(String message, int seconds) {
        return new TokenRequestException(Problem.SLOW_DOWN, message, seconds);
    }

    public Problem problem() {
        return problem;
    }

    /** After how many seconds trying again helps, where it does. */
    public int retryAfter() {
        return retryAfter;
    }
}
