package dev.kluis.csi;

import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The provider's configuration.
 *
 * @param socket where the driver looks for the provider, named as the provider
 * @param operator host and port of the operator's service for nodes
 * @param authority the PEM file with the certificate authority of that service
 * @param node the name of this node, as its kubelet knows it
 * @param cacheBytes how many bytes of values the node keeps, sealed
 * @param fetchTimeout how long a mount waits for the operator
 * @param healthPort where {@code /healthz} is served
 */
public record Settings(
        Path socket,
        String operator,
        Path authority,
        String node,
        long cacheBytes,
        Duration fetchTimeout,
        int healthPort) {

    /** Every key there is. */
    private enum Key {
        KLUIS_SOCKET("/provider/kluis.sock", "path", "the Unix socket that the driver connects to"),
        KLUIS_OPERATOR("kluis-operator-node.kluis-system.svc:8443", "host:port", "the operator's service for nodes"),
        KLUIS_CA("/etc/kluis/ca/ca.crt", "path", "PEM file with the certificate authority of that service"),
        KLUIS_NODE_NAME("", "name", "the name of this node, as its kubelet knows it; required"),
        KLUIS_CACHE_BYTES("4194304", "bytes", "how much of values the node keeps, sealed, in memory"),
        KLUIS_FETCH_TIMEOUT("PT5S", "ISO-8601 duration", "how long a mount waits for the operator"),
        KLUIS_HEALTH_PORT("8989", "port", "where /healthz is served");

        private final String standard;
        private final String unit;
        private final String description;

        Key(String standard, String unit, String description) {
            this.standard = standard;
            this.unit = unit;
            this.description = description;
        }
    }

    /** @throws IllegalArgumentException that names the key and what is legal */
    public static Settings of(Map<String, String> environment) {
        var known = Arrays.stream(Key.values()).map(Key::name).collect(Collectors.toSet());
        environment.keySet().stream()
                .filter(name -> name.startsWith("KLUIS_") && !known.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw new IllegalArgumentException("there is no setting " + name + "; there are:\n" + help());
                });
        return new Settings(
                Path.of(text(environment, Key.KLUIS_SOCKET)),
                text(environment, Key.KLUIS_OPERATOR),
                Path.of(text(environment, Key.KLUIS_CA)),
                text(environment, Key.KLUIS_NODE_NAME),
                number(environment, Key.KLUIS_CACHE_BYTES, 1L << 30),
                duration(environment, Key.KLUIS_FETCH_TIMEOUT),
                (int) number(environment, Key.KLUIS_HEALTH_PORT, 65_535));
    }

    /** A line for each key. */
    public static String help() {
        return Arrays.stream(Key.values())
                .map(key -> "  %-20s %s (%s)%s"
                        .formatted(
                                key.name(),
                                key.description,
                                key.unit,
                                key.standard.isEmpty() ? "" : ", default " + key.standard))
                .collect(Collectors.joining("\n"));
    }

    private static String text(Map<String, String> environment, Key key) {
        String value = environment.getOrDefault(key.name(), key.standard);
        if (value.isBlank()) {
            throw new IllegalArgumentException(key + " is needed: " + key.description);
        }
        return value;
    }

    private static long number(Map<String, String> environment, Key key, long most) {
        try {
            long value = Long.parseLong(text(environment, key));
            if (value >= 0 && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new IllegalArgumentException(key + " is a number from 0 to " + most);
    }

    private static Duration duration(Map<String, String> environment, Key key) {
        try {
            var value = Duration.parse(text(environment, key));
            if (value.isPositive() && value.compareTo(Duration.ofMinutes(1)) <= 0) {
                return value;
            }
        } catch (DateTimeParseException e) {
            // Said below.
        }
        throw new IllegalArgumentException(key + " is an ISO-8601 duration of at most a minute, such as PT5S");
    }
}
