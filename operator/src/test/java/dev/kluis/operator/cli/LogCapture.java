package dev.kluis.operator.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jboss.logmanager.formatters.PatternFormatter;

/** All that is logged in this JVM between start and stop. */
public final class LogCapture extends Handler {

    private final StringWriter text = new StringWriter();

    private LogCapture() {
        setFormatter(new PatternFormatter("%p %c %s%e%n"));
    }

    public static LogCapture start() {
        var capture = new LogCapture();
        Logger.getLogger("").addHandler(capture);
        return capture;
    }

    /** What was logged. */
    public String stop() {
        Logger.getLogger("").removeHandler(this);
        synchronized (text) {
            return text.toString();
        }
    }

    @Override
    public void publish(LogRecord logged) {
        synchronized (text) {
            new PrintWriter(text).print(getFormatter().format(logged));
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
