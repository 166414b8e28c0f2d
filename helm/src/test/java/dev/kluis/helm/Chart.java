package dev.kluis.helm;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The chart without its notes: they look things up in a cluster, and this library's Helm then wants one. */
record Chart(Path folder) {

    static final Path SOURCE = Path.of("kluis");
    static final String NAMESPACE = "kluis-system";

    static Chart copiedTo(Path folder) throws IOException {
        try (var files = Files.walk(SOURCE)) {
            for (var file : files.filter(one -> !one.endsWith("NOTES.txt")).toList()) {
                Files.copy(file, folder.resolve(SOURCE.relativize(file).toString()), REPLACE_EXISTING);
            }
        }
        return new Chart(folder);
    }

    TemplateCommand template() {
        return new Helm(folder)
                .template()
                .withName("kluis")
                .withNamespace(NAMESPACE)
                .withKubeVersion("1.37.2");
    }
}
