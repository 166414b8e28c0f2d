package dev.kluis.operator.rest;

import com.fasterxml.jackson.core.util.BufferRecycler;
import com.fasterxml.jackson.core.util.RecyclerPool;
import java.util.Arrays;

/**
 * The buffers in which JSON is read and written, used by one request after the other. Left to itself Jackson keeps them by
 * thread, and each request has a thread of its own: they would be made anew for each, and left behind with what its body
 * held. Here they are wiped when they are given back.
 */
final class JsonBuffers extends RecyclerPool.BoundedPoolBase<BufferRecycler> {

    private static final long serialVersionUID = 1L;
    private static final int KEPT = 16;
    /** A larger one, in bytes or characters, came by a body that few are like. */
    private static final int LARGEST_KEPT = 16 * 1024;

    JsonBuffers() {
        super(KEPT);
    }

    @Override
    public BufferRecycler createPooled() {
        return new Wiping();
    }

    private static final class Wiping extends BufferRecycler {

        @Override
        public void releaseByteBuffer(int kind, byte[] buffer) {
            Arrays.fill(buffer, (byte) 0);
            if (buffer.length <= LARGEST_KEPT) {
                super.releaseByteBuffer(kind, buffer);
            }
        }

        @Override
        public void releaseCharBuffer(int kind, char[] buffer) {
            Arrays.fill(buffer, '\0');
            if (buffer.length <= LARGEST_KEPT) {
                super.releaseCharBuffer(kind, buffer);
            }
        }
    }
}
