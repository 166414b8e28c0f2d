package dev.kluis.csi.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kluis.csi.FakeOperator;
import dev.kluis.csi.Mounts;
import dev.kluis.csi.ProviderServer;
import dev.kluis.csi.cache.NodeCache;
import dev.kluis.csi.operator.OperatorClient;
import dev.kluis.wire.driver.CSIDriverProviderGrpc;
import dev.kluis.wire.driver.MountResponse;
import dev.kluis.wire.driver.VersionRequest;
import dev.kluis.wire.node.ObjectType;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The provider over its real socket, with an operator over real TLS. */
class ProviderTest {

    private static final String ONE = "[{objectName: db, objectType: secret}]";

    private static final String PEM = "-----BEGIN PUBLIC KEY-----\nMCow\n-----END PUBLIC KEY-----\n";

    @TempDir
    Path folder;

    private final EventLoopGroup events = new NioEventLoopGroup(1);
    private volatile Duration ahead = Duration.ZERO;
    private FakeOperator operator;
    private OperatorClient client;
    private ProviderServer server;
    private ManagedChannel channel;
    private Path socket;

    @BeforeEach
    void start() throws IOException {
        operator = new FakeOperator(folder);
        operator.put("db", 1, "swordfish");
        client = new OperatorClient(operator.target(), operator.certificate(), Duration.ofSeconds(5));
        InstantSource clock = () -> Instant.now().plus(ahead);
        var cache = new NodeCache(1 << 20, clock, new SecureRandom());
        socket = folder.resolve("kluis.sock");
        Files.writeString(socket, "left by a process that was killed");
        server = new ProviderServer(socket, new ProviderService(new Mounter(client, cache, "node-1", clock), "1.2.3"));
        channel = NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
                .eventLoopGroup(events)
                .overrideAuthority("localhost")
                .usePlaintext()
                .build();
    }

    @AfterEach
    void stop() throws IOException, InterruptedException {
        channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        server.close();
        client.close();
        operator.close();
        events.shutdownGracefully(0, 1, TimeUnit.SECONDS).await(5, TimeUnit.SECONDS);
        assertThat(socket).doesNotExist();
    }

    private CSIDriverProviderGrpc.CSIDriverProviderBlockingStub provider() {
        return CSIDriverProviderGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS);
    }

    private MountResponse mount(String account, String objects) {
        return provider().mount(Mounts.request(account, objects));
    }

    private static String content(MountResponse response) {
        return response.getFiles(0).getContents().toStringUtf8();
    }

    @Test
    void it_tells_its_version_and_only_its_owner_may_connect() throws IOException {
        var version = provider()
                .version(VersionRequest.newBuilder().setVersion("v1alpha1").build());

        assertThat(version.getVersion()).isEqualTo("v1alpha1");
        assertThat(version.getRuntimeName()).isEqualTo("kluis");
        assertThat(version.getRuntimeVersion()).isEqualTo("1.2.3");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                .isEqualTo("rw-------");
    }

    @Test
    void a_mount_is_one_fetch_and_its_files() {
        operator.put("token", 2, "c2VjcmV0");
        var response = mount("api", """
                array:
                  - |
                    objectName: db
                    objectType: secret
                    objectAlias: db/password
                    filePermission: "0440"
                  - |
                    objectName: token
                    objectType: secret
                    objectEncoding: base64
                """);

        assertThat(operator.requests).hasSize(1);
        assertThat(operator.requests.getFirst().getPod().getNode()).isEqualTo("node-1");
        assertThat(operator.requests.getFirst().getVault().getNamespace()).isEqualTo("team");
        assertThat(response.getFiles(0).getPath()).isEqualTo("db/password");
        assertThat(response.getFiles(0).getMode()).isEqualTo(0440);
        assertThat(content(response)).isEqualTo("swordfish");
        assertThat(response.getFiles(1).getPath()).isEqualTo("token");
        assertThat(response.getFiles(1).getMode()).isEqualTo(0644);
        assertThat(response.getFiles(1).getContents().toStringUtf8()).isEqualTo("secret");
        assertThat(response.getObjectVersion(0).getId()).isEqualTo("secret/db");
        assertThat(response.getObjectVersion(0).getVersion()).isEqualTo("%032x".formatted(1));
    }

    @Test
    void one_object_in_two_files_is_fetched_once_and_has_two_ids() {
        var response = mount(
                "api",
                "[{objectName: db, objectType: secret, objectAlias: a}, {objectName: db, objectType: secret, objectAlias: b}]");

        assertThat(operator.requests.getFirst().getObjectsCount()).isEqualTo(1);
        assertThat(response.getObjectVersionList())
                .extracting(one -> one.getId())
                .containsExactly("secret/db/a", "secret/db/b");
    }

    @Test
    void the_public_part_of_a_key_is_a_file_as_the_operator_gives_it() {
        operator.put(ObjectType.KEY, "signer", 5, PEM);
        var response = mount("api", "[{objectName: signer, objectType: key, objectAlias: signer.pem}]");

        assertThat(operator.requests.getFirst().getObjects(0).getType()).isEqualTo(ObjectType.KEY);
        assertThat(response.getFiles(0).getPath()).isEqualTo("signer.pem");
        assertThat(content(response)).isEqualTo(PEM);
        assertThat(response.getObjectVersion(0).getId()).isEqualTo("key/signer");
        assertThat(response.getObjectVersion(0).getVersion()).isEqualTo("%032x".formatted(5));
    }

    @Test
    void a_key_is_not_taken_for_the_secret_of_its_name_from_the_node_either() {
        operator.offlineSeconds = 3600;
        operator.put(ObjectType.KEY, "db", 1, PEM);
        String key = "[{objectName: db, objectType: key}]";
        mount("api", ONE);
        operator.stop();
        assertThatThrownBy(() -> mount("api", key)).hasMessageContaining("may not serve key 'db'");
    }

    @Test
    void a_key_and_a_secret_of_one_name_and_version_stay_apart_from_fetch_to_copy() {
        operator.offlineSeconds = 3600;
        operator.put(ObjectType.KEY, "db", 1, PEM);
        String both = "[{objectName: db, objectType: secret}, {objectName: db, objectType: key, objectAlias: db.pem}]";
        mount("api", both);
        var unchanged = mount("api", both);
        assertThat(operator.requests.get(1).getObjectsList())
                .extracting(one -> one.getHeld())
                .containsExactly("%032x".formatted(1), "%032x".formatted(1));
        operator.stop();
        for (var response : List.of(unchanged, mount("api", both))) {
            assertThat(response.getFilesList())
                    .extracting(one -> one.getContents().toStringUtf8())
                    .containsExactly("swordfish", PEM);
            assertThat(response.getObjectVersionList())
                    .extracting(one -> one.getId())
                    .containsExactly("secret/db", "key/db");
        }
    }

    @Test
    void what_the_node_holds_is_named_and_not_sent_again() {
        mount("api", ONE);
        var second = mount("api", ONE);

        assertThat(operator.requests.get(1).getObjects(0).getHeld()).isEqualTo("%032x".formatted(1));
        assertThat(content(second)).isEqualTo("swordfish");
        operator.put("db", 3, "marlin");
        assertThat(content(mount("api", ONE))).isEqualTo("marlin");
    }

    @Test
    void without_the_operator_a_copy_is_served_to_whom_it_was_granted_as_long_as_the_vault_allows() {
        operator.offlineSeconds = 3600;
        mount("api", ONE);
        operator.stop();

        assertThat(content(mount("api", ONE))).isEqualTo("swordfish");
        assertThatThrownBy(() -> mount("other", ONE))
                .hasMessageContaining("UNAVAILABLE")
                .hasMessageContaining("'db'")
                .hasMessageContaining("team/other");
        ahead = Duration.ofSeconds(3601);
        assertThatThrownBy(() -> mount("api", ONE)).hasMessageContaining("spec.offline");
    }

    @Test
    void a_vault_without_offline_has_no_copy_served() {
        mount("api", ONE);
        operator.stop();

        assertThatThrownBy(() -> mount("api", ONE)).hasMessageContaining("UNAVAILABLE");
    }

    @Test
    void an_account_that_was_made_again_under_its_name_gets_no_copy_of_the_one_before() {
        operator.offlineSeconds = 3600;
        mount("api", ONE);
        operator.stop();
        var attributes = Mounts.attributes("api", ONE);
        attributes.put("csi.storage.k8s.io/serviceAccount.tokens", Mounts.tokens("api", "another-uid"));

        assertThatThrownBy(() -> provider().mount(Mounts.request(attributes))).hasMessageContaining("UNAVAILABLE");
    }

    @Test
    void a_token_whose_claims_are_of_another_pod_gets_no_copy() {
        operator.offlineSeconds = 3600;
        mount("api", ONE);
        operator.stop();
        var attributes = Mounts.attributes("thief", ONE);
        attributes.put("csi.storage.k8s.io/serviceAccount.tokens", Mounts.tokens("api", Mounts.uidOf("api")));

        assertThatThrownBy(() -> provider().mount(Mounts.request(attributes))).hasMessageContaining("UNAVAILABLE");
    }

    @Test
    void what_was_refused_is_not_served_without_the_operator_either() {
        operator.offlineSeconds = 3600;
        mount("api", ONE);
        operator.refusal = Status.PERMISSION_DENIED.withDescription("no more");
        assertThatThrownBy(() -> mount("api", ONE)).hasMessageContaining("no more");
        operator.stop();

        assertThatThrownBy(() -> mount("api", ONE)).hasMessageContaining("UNAVAILABLE");
    }

    @Test
    void when_the_operator_is_back_it_is_asked_again_at_once() throws IOException {
        mount("api", ONE);
        operator.stop();
        assertThatThrownBy(() -> mount("api", ONE)).isInstanceOf(StatusRuntimeException.class);
        operator.put("db", 9, "new");
        operator.start();

        assertThat(content(mount("api", ONE))).isEqualTo("new");
    }

    @Test
    void one_object_that_cannot_be_had_leaves_no_file_at_all() {
        assertThatThrownBy(() ->
                        mount("api", "[{objectName: db, objectType: secret}, {objectName: nope, objectType: secret}]"))
                .hasMessageContaining("PERMISSION_DENIED")
                .hasMessageContaining("nope");
    }

    @Test
    void attack_09_a_value_that_is_not_of_its_encoding_is_not_in_the_message() {
        operator.put("db", 4, "!swordfish!");
        assertThatThrownBy(() -> mount("api", "[{objectName: db, objectType: secret, objectEncoding: base64}]"))
                .hasMessageContaining("is not base64")
                .hasMessageNotContaining("swordfish");
    }

    @Test
    void an_operator_of_another_authority_is_not_trusted(@TempDir Path elsewhere) throws IOException {
        try (var stranger = new FakeOperator(elsewhere);
                var misled = new OperatorClient(stranger.target(), operator.certificate(), Duration.ofSeconds(1))) {
            var mounter = new Mounter(
                    misled,
                    new NodeCache(1 << 20, InstantSource.system(), new SecureRandom()),
                    "node-1",
                    InstantSource.system());
            var call = MountCall.parse(Mounts.json(Mounts.attributes("api", ONE)));

            assertThatThrownBy(() -> mounter.mount(call)).hasMessageContaining("UNAVAILABLE");
            assertThat(stranger.requests).isEmpty();
        }
    }
}
