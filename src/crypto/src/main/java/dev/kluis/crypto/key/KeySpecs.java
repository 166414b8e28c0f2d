package dev.kluis.crypto.key;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The list of all kinds of keys, made once. */
final class KeySpecs {

    static final List<KeySpec> ALL = all();

    private KeySpecs() {}

    private static List<KeySpec> all() {
        var all = new ArrayList<KeySpec>();
        for (int exponent : new int[] {65537, 3}) {
            KeySpec.Rsa.SIZES.stream().sorted().forEach(bits -> all.add(new KeySpec.Rsa(bits, exponent)));
        }
        Stream.of(EcCurve.values()).forEach(curve -> all.add(new KeySpec.Ec(curve)));
        all.add(new KeySpec.Okp());
        KeySpec.Oct.SIZES.stream().sorted().forEach(bits -> all.add(new KeySpec.Oct(bits)));
        Stream.of(MlDsa.values()).forEach(parameters -> all.add(new KeySpec.Akp(parameters)));
        return List.copyOf(all);
    }
}
