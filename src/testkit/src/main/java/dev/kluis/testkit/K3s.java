package dev.kluis.testkit;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.Frame;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.k3s.K3sContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * K3s in a container, where there is a Docker engine; it outlives the process that starts it when the environment has
 * {@code TESTCONTAINERS_RYUK_DISABLED=true}.
 *
 * <p>{@code up KUBECONFIG} starts it, or does nothing where it runs, {@code load ARCHIVE} imports a docker archive, and
 * {@code down} removes it.
 */
public final class K3s {

    private static final DockerImageName IMAGE = DockerImageName.parse("rancher/k3s:v1.33.1-k3s1");
    private static final String LABEL = "dev.kluis.cluster";
    private static final String NAME = "k3s";
    private static final long IMPORT_MINUTES = 5;

    private K3s() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        switch (args[0]) {
            case "up" -> up(Path.of(args[1]));
            case "load" -> load(Path.of(args[1]));
            case "down" -> down();
            default -> throw new IllegalArgumentException("up KUBECONFIG, load ARCHIVE or down, not " + args[0]);
        }
    }

    private static DockerClient docker() {
        return DockerClientFactory.instance().client();
    }

    private static Optional<Container> running() {
        return docker().listContainersCmd().withLabelFilter(List.of(LABEL + "=" + NAME)).exec().stream()
                .findFirst();
    }

    private static void up(Path kubeconfig) throws IOException {
        if (running().isPresent() && Files.exists(kubeconfig)) {
            return;
        }
        down();
        @SuppressWarnings("resource") // it stays
        var container = new K3sContainer(IMAGE).withLabel(LABEL, NAME);
        container.start();
        Files.writeString(kubeconfig, container.getKubeConfigYaml());
    }

    private static void load(Path archive) throws InterruptedException {
        String id = running()
                .orElseThrow(() -> new IllegalStateException("there is no K3s; start it with: up"))
                .getId();
        docker().copyArchiveToContainerCmd(id)
                .withHostResource(archive.toString())
                .withRemotePath("/tmp")
                .exec();
        String exec = docker().execCreateCmd(id)
                .withCmd("ctr", "--namespace", "k8s.io", "images", "import", "/tmp/" + archive.getFileName())
                .exec()
                .getId();
        docker().execStartCmd(exec)
                .exec(new ResultCallback.Adapter<Frame>())
                .awaitCompletion(IMPORT_MINUTES, TimeUnit.MINUTES);
        Long code = docker().inspectExecCmd(exec).exec().getExitCodeLong();
        if (code == null || code != 0) {
            throw new IllegalStateException("K3s did not take the image in " + archive.getFileName());
        }
    }

    private static void down() {
        docker().listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(List.of(LABEL + "=" + NAME))
                .exec()
                .forEach(container -> docker().removeContainerCmd(container.getId())
                        .withForce(true)
                        .withRemoveVolumes(true)
                        .exec());
    }
}
