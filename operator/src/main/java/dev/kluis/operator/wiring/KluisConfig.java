package dev.kluis.operator.wiring;

import dev.kluis.operator.Kluis;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The operator's configuration: every key there is. Keys are environment variables, such as {@code KLUIS_NODE_PORT}. */
@ConfigMapping(prefix = "kluis")
interface KluisConfig {

    /** The operator's own namespace, where the store and the root key are. */
    @WithDefault("kluis-system")
    String namespace();

    Seal seal();

    Node node();

    Api api();

    LeaderElection leaderElection();

    Backup backup();

    /** What protects the root key. */
    interface Seal {

        /** kubernetes: a Secret; shamir: officers, who unseal after every start. */
        @WithDefault("kubernetes")
        Kluis.SealKind kind();
    }

    /** What nodes reach. */
    interface Node {

        /** The TLS port of the nodes' service. */
        @WithDefault("8443")
        int port();

        /** The Service in front of it: part of the certificate's names. */
        @WithDefault("kluis-operator-node")
        String service();
    }

    /** The API over HTTPS. */
    interface Api {

        /** Its TLS port. */
        @WithDefault("8444")
        int port();

        /** The Service in front of it: part of the certificate's names. */
        @WithDefault("kluis-operator-api")
        String service();

        /** What follows a vault's name in its host: part of the certificate's names. Its first label is {@code vault}. */
        @WithDefault("vault.svc.cluster.local")
        List<String> domains();
    }

    /** Where backups of vaults may go. */
    interface Backup {

        /** Where the chart mounts the folders of operator.backup.folders. */
        @WithDefault("/backups")
        Path folders();

        /** Whether a store may be reached by plain HTTP, or on this host. */
        @WithDefault("false")
        boolean allowHttp();
    }

    /** Which replica reconciles. */
    interface LeaderElection {

        @WithDefault("true")
        boolean enabled();

        /** This replica's name; absent is the host's name, which is the pod's. */
        Optional<String> identity();
    }
}
