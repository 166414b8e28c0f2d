package dev.kluis.csi.mount;

import static dev.kluis.csi.mount.InvalidMountException.require;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A path below the mount. Whoever may write a SecretProviderClass chooses it, and the driver writes it as root: a path
 * that leaves the mount would write anywhere on the node (CVE-2020-8567).
 *
 * @param text names joined by {@code /}, each of 1 to 255 bytes of UTF-8, 4,096 in all; none is {@code .}, none begins
 *     with {@code ..}, none holds a control character or a backslash
 */
public record FilePath(String text) {

    private static final int NAME_LIMIT = 255;
    private static final int PATH_LIMIT = 4096;

    public FilePath {
        require(!text.isEmpty(), "a file needs a name");
        require(!text.startsWith("/"), "the file name '" + shown(text) + "' is absolute; it has to be relative");
        require(
                text.getBytes(UTF_8).length <= PATH_LIMIT,
                "the file name '" + shown(text) + "' is longer than " + PATH_LIMIT + " bytes");
        require(
                text.chars().noneMatch(one -> Character.isISOControl(one) || one == '\\'),
                "the file name '" + shown(text) + "' holds a control character or a backslash");
        for (String name : text.split("/", -1)) {
            require(
                    !name.startsWith(".."),
                    "the file name '" + shown(text) + "' holds a part that begins with '..', which is not allowed");
            require(
                    !name.isEmpty() && !name.equals("."),
                    "the file name '" + shown(text) + "' holds an empty part or '.'");
            require(
                    name.getBytes(UTF_8).length <= NAME_LIMIT,
                    "the file name '" + shown(text) + "' has a part longer than " + NAME_LIMIT + " bytes");
        }
    }

    /** @throws InvalidMountException when two are the same, or one is a folder of another */
    static void requireApart(List<FilePath> paths) {
        Set<String> files = new HashSet<>();
        for (var path : paths) {
            require(files.add(path.text), "two objects have the file name '" + shown(path.text) + "'");
        }
        for (var path : paths) {
            String[] names = path.text.split("/", -1);
            for (int depth = 1; depth < names.length; depth++) {
                String folder = String.join("/", Arrays.copyOf(names, depth));
                require(
                        !files.contains(folder),
                        "the file name '" + shown(folder) + "' is also a folder of '" + shown(path.text) + "'");
            }
        }
    }

    /** Enough of it to be found; control characters would forge lines of a log. */
    static String shown(String text) {
        String start = text.length() <= 64 ? text : text.substring(0, 64) + "...";
        return start.replaceAll("\\p{Cntrl}", "?");
    }
}
