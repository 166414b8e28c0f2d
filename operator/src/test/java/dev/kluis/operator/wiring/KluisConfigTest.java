package dev.kluis.operator.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kluis.operator.Kluis.SealKind;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KluisConfigTest {

    static KluisConfig config(Map<String, String> properties) {
        return new SmallRyeConfigBuilder()
                .withMapping(KluisConfig.class)
                .withSources(new PropertiesConfigSource(properties, "test", 100))
                .build()
                .getConfigMapping(KluisConfig.class);
    }

    @Test
    void the_kind_of_seal_is_written_as_in_the_chart() {
        assertThat(config(Map.of()).seal().kind()).isEqualTo(SealKind.KUBERNETES);
        assertThat(config(Map.of("kluis.seal.kind", "shamir")).seal().kind()).isEqualTo(SealKind.SHAMIR);
        assertThat(config(Map.of("kluis.seal.kind", "kubernetes")).seal().kind())
                .isEqualTo(SealKind.KUBERNETES);
        assertThatThrownBy(() -> config(Map.of("kluis.seal.kind", "none"))).isInstanceOf(RuntimeException.class);
    }
}
