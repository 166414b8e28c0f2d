package dev.kluis.operator.kind;

import dev.kluis.vault.Ownership;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The annotation that asks for a rotation by any new value. */
public final class RotateAnnotation {

    private static final String NAME = "kluis.dev/rotate";

    private RotateAnnotation() {}

    /**
     * Its value; empty for none.
     *
     * @throws Problem when it is longer than a record keeps
     */
    public static String of(@Nullable Map<String, String> annotations) {
        String rotate = annotations == null ? "" : annotations.getOrDefault(NAME, "");
        if (rotate.getBytes(StandardCharsets.UTF_8).length > Ownership.ROTATE_LIMIT) {
            throw new Problem(
                    Reason.InvalidSpec, "the annotation " + NAME + " has at most " + Ownership.ROTATE_LIMIT + " bytes");
        }
        return rotate;
    }
}
