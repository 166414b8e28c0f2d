package dev.kluis.csi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {

    @Test
    void only_the_nodes_name_is_needed() {
        var settings = Settings.of(Map.of("KLUIS_NODE_NAME", "node-1", "PATH", "/bin"));

        assertThat(settings.fetchTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.socket()).hasFileName("kluis.sock");
        assertThatThrownBy(() -> Settings.of(Map.of())).hasMessageContaining("KLUIS_NODE_NAME is needed");
    }

    @Test
    void an_unknown_key_is_refused_with_the_list_of_those_there_are() {
        assertThatThrownBy(() -> Settings.of(Map.of("KLUIS_NODE_NAME", "n", "KLUIS_CACHE", "1")))
                .hasMessageContaining("no setting KLUIS_CACHE")
                .hasMessageContaining("KLUIS_CACHE_BYTES");
    }

    @Test
    void a_value_that_is_not_legal_says_what_is() {
        assertThatThrownBy(() -> Settings.of(Map.of("KLUIS_NODE_NAME", "n", "KLUIS_FETCH_TIMEOUT", "5s")))
                .hasMessageContaining("such as PT5S");
        assertThatThrownBy(() -> Settings.of(Map.of("KLUIS_NODE_NAME", "n", "KLUIS_HEALTH_PORT", "99999")))
                .hasMessageContaining("from 0 to 65535");
    }
}
