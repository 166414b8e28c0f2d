package dev.kluis.crypto.key;

/** What a signature is made over. The arrays belong to the object. */
public sealed interface SignatureInput {

    /** The digest or the message, as {@link Algorithm} says for each. */
    static SignatureInput of(byte[] value) {
        return new Value(value);
    }

    /**
     * A message with a context, for ML-DSA only (FIPS 204 §5.2).
     *
     * @param context 0 to 255 bytes; none is the same as an empty one
     */
    static SignatureInput inContext(byte[] message, byte[] context) {
        return new InContext(message, context);
    }

    /**
     * The message representative that the caller computed, for ML-DSA only (FIPS 204 §6.2, "external mu").
     *
     * @param mu 64 bytes
     */
    static SignatureInput externalMu(byte[] mu) {
        return new ExternalMu(mu);
    }

    /** @see #of */
    final class Value implements SignatureInput {
        final byte[] value;

        private Value(byte[] value) {
            this.value = value;
        }
    }

    /** @see #inContext */
    final class InContext implements SignatureInput {
        final byte[] message;
        final byte[] context;

        private InContext(byte[] message, byte[] context) {
            this.message = message;
            this.context = context;
        }
    }

    /** @see #externalMu */
    final class ExternalMu implements SignatureInput {
        final byte[] mu;

        private ExternalMu(byte[] mu) {
            this.mu = mu;
        }
    }
}
