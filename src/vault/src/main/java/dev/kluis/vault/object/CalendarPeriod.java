package dev.kluis.vault.object;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.regex.Pattern;

/**
 * A time in years, months, weeks and days (ISO 8601), in UTC. It comes back as it was written.
 *
 * @param text such as {@code P90D} or {@code P1Y6M}
 */
public record CalendarPeriod(String text) {

    public static final int MAX_LENGTH = 32;
    /** No period of a key's life is longer, in years. */
    private static final int MAX_YEARS = 100;

    /** A February of 28 days comes first, and no leap year for as long as possible. */
    private static final Instant SHORTEST = Instant.parse("2097-02-01T00:00:00Z");

    private static final Pattern FORM =
            Pattern.compile("P(?=[0-9])([0-9]{1,3}Y)?([0-9]{1,4}M)?([0-9]{1,4}W)?([0-9]{1,5}D)?");

    /** @throws IllegalArgumentException when it has another form, or is longer than {@value #MAX_YEARS} years */
    public CalendarPeriod {
        if (!FORM.matcher(text).matches() || Period.parse(text).toTotalMonths() > MAX_YEARS * 12L) {
            throw new IllegalArgumentException(
                    "a time is written as in P90D or P1Y6M, and is at most " + MAX_YEARS + " years");
        }
    }

    public static CalendarPeriod ofDays(int days) {
        return new CalendarPeriod("P" + days + "D");
    }

    /** @throws DateTimeException beyond all time */
    public Instant after(Instant start) {
        return start.atOffset(ZoneOffset.UTC).plus(Period.parse(text)).toInstant();
    }

    /** @throws DateTimeException before all time */
    public Instant before(Instant end) {
        return end.atOffset(ZoneOffset.UTC).minus(Period.parse(text)).toInstant();
    }

    /** Whether it is that long even where the calendar is shortest. */
    public boolean isAtLeast(int days) {
        return Duration.between(SHORTEST, after(SHORTEST)).toDays() >= days;
    }

    @Override
    public String toString() {
        return text;
    }
}
