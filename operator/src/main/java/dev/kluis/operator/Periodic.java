package dev.kluis.operator;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is done later, once or again and again until the operator stops, each by a thread of its own. */
final class Periodic {

    private static final Logger LOG = LoggerFactory.getLogger(Periodic.class);

    private final CountDownLatch stopping;

    /** @param stopping reaches zero when it ends */
    Periodic(CountDownLatch stopping) {
        this.stopping = stopping;
    }

    /** At once, and then with so much time between; what fails is done again. */
    void run(String name, Duration every, Runnable work) {
        Thread.ofVirtual().name(name).start(() -> {
            try {
                do {
                    attempt(name, work);
                } while (!stopping.await(every.toMillis(), TimeUnit.MILLISECONDS));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    void once(String name, Duration after, Runnable work) {
        Thread.ofVirtual().name(name).start(() -> {
            try {
                if (!stopping.await(after.toMillis(), TimeUnit.MILLISECONDS)) {
                    work.run();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private static void attempt(String name, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            LOG.warn("The {} failed and is done again", name, e);
        }
    }
}
