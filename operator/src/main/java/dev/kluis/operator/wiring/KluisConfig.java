package dev.kluis.operator.wiring;

import dev.kluis.operator.SealSettings;
import dev.kluis.vault.audit.AuditOutlet;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
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

    Authority authority();

    LeaderElection leaderElection();

    Backup backup();

    Audit audit();

    /** What protects the root key. */
    interface Seal {

        /** kubernetes: a Secret; shamir: officers, who unseal after every start; keyvault: a key in a Key Vault. */
        @WithDefault("kubernetes")
        SealSettings.Kind kind();

        Keyvault keyvault();

        /** The key that wraps the root key, and who asks for it. What is absent comes from workload identity's variables. */
        interface Keyvault {

            /** https://VAULT.DOMAIN/keys/NAME, or .../VERSION where no other version may wrap. */
            Optional<String> key();

            /** What it wraps by: RSA-OAEP-256, or A256KW for a symmetric key. */
            @WithDefault("RSA-OAEP-256")
            String algorithm();

            /** Where the token endpoint is. */
            @WithDefault("${AZURE_AUTHORITY_HOST:https://login.microsoftonline.com/}")
            URI authorityHost();

            /** The tenant there; adfs for Kluis's own. */
            @WithDefault("${AZURE_TENANT_ID:}")
            Optional<String> tenant();

            /** Kluis's client id there. */
            @WithDefault("${AZURE_CLIENT_ID:}")
            Optional<String> clientId();

            /** A file with a token that proves it, read at each use. */
            @WithDefault("${AZURE_FEDERATED_TOKEN_FILE:}")
            Optional<Path> tokenFile();

            /** A file with a secret that proves it, instead; read at each use. */
            Optional<Path> clientSecretFile();

            /** A file with the authorities to trust, PEM; absent, those of the Java runtime. */
            Optional<Path> caFile();

            /** Of a request with its answer. */
            @WithDefault("PT10S")
            Duration timeout();
        }
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

        /** The token endpoint's tenant, which challenges name: with adfs, clients ask nobody else. */
        @WithDefault("adfs")
        String tenant();

        /** Whether ServiceAccount tokens of the audience api://AzureADTokenExchange are exchanged too. */
        @WithDefault("false")
        boolean federation();

        /** Programs outside the cluster: ID=NAMESPACE/VAULT/SECRET, where the secret is what they prove themselves by. */
        Optional<List<String>> clients();
    }

    /** Where the certificate of Kluis's authority is published, besides the operator's own namespace. */
    interface Authority {

        /** Namespaces with a ConfigMap kluis-ca, besides that of the vaults' hosts. */
        Optional<List<String>> namespaces();

        /** Whether there is a ClusterTrustBundle kluis-ca where the cluster serves them. */
        @WithDefault("true")
        boolean clusterTrustBundle();
    }

    /** Where backups of vaults may go. */
    interface Backup {

        /** Where the chart mounts the folders of operator.backup.folders. */
        @WithDefault("/backups")
        Path folders();

        /** Whether a store may be reached by plain HTTP, or on this host. */
        @WithDefault("false")
        boolean allowHttp();

        /** How many bytes a file has at most that is restored to a vault over the API. */
        @WithDefault("1073741824")
        long restoreLimit();
    }

    /** Which replica reconciles. */
    interface LeaderElection {

        @WithDefault("true")
        boolean enabled();

        /** This replica's name; absent is the host's name, which is the pod's. */
        Optional<String> identity();
    }

    /** Who did what: docs/reference/audit.md. */
    interface Audit {

        /** How many lines the operator keeps in memory, to be searched where there is no file. */
        @WithDefault("10000")
        int ring();

        Checkpoint checkpoint();

        Stdout stdout();

        File file();

        Http http();

        /** Signed lines. */
        interface Checkpoint {

            /** After how many lines one is due. */
            @WithDefault("1000")
            int lines();

            /** After which time one is due, when there was something. */
            @WithDefault("PT10S")
            Duration every();
        }

        /** Standard output. */
        interface Stdout {

            @WithDefault("true")
            boolean enabled();

            /** When its queue is full. block: operations wait, and are refused in the end; continue: lines are left out. */
            @WithDefault("block")
            AuditOutlet.Policy policy();

            /** How many lines wait at most. */
            @WithDefault("4096")
            int queue();

            /** How long an operation waits for a place. */
            @WithDefault("PT5S")
            Duration patience();
        }

        /** Files that are rotated. */
        interface File {

            @WithDefault("false")
            boolean enabled();

            /** Where; on a volume that outlives the pod. */
            @WithDefault("/var/lib/kluis/audit")
            Path folder();

            /** The size after which a file is rotated, in bytes. */
            @WithDefault("104857600")
            long maxBytes();

            /** The age after which a file is rotated. */
            @WithDefault("P1D")
            Duration maxAge();

            /** How many rotated files are kept. */
            @WithDefault("14")
            int keep();

            /** Whether each batch is forced to the disk before it counts as written. */
            @WithDefault("true")
            boolean fsync();

            /** When its queue is full: block or continue. */
            @WithDefault("block")
            AuditOutlet.Policy policy();

            /** How many lines wait at most. */
            @WithDefault("4096")
            int queue();

            /** How long an operation waits for a place. */
            @WithDefault("PT5S")
            Duration patience();
        }

        /** CloudEvents over HTTP. */
        interface Http {

            /** Where to; absent is nowhere. */
            Optional<URI> url();

            /** A file with a bearer token, read for each batch. */
            Optional<Path> tokenFile();

            /** A file with the authorities to trust, PEM; absent, those of the Java runtime. */
            Optional<Path> caFile();

            /** Of connecting, and of an answer. */
            @WithDefault("PT10S")
            Duration timeout();

            /** When its queue is full: block or continue. */
            @WithDefault("continue")
            AuditOutlet.Policy policy();

            /** How many lines wait at most. */
            @WithDefault("4096")
            int queue();

            /** How long an operation waits for a place. */
            @WithDefault("PT5S")
            Duration patience();
        }
    }
}
