package dev.kluis.operator;

import dev.kluis.operator.access.AccessRoutes;
import dev.kluis.operator.access.UnusedRoutes;
import dev.kluis.operator.audit.Audit;
import dev.kluis.operator.host.HostServices;
import dev.kluis.operator.identity.AuthorityPublication;
import dev.kluis.operator.identity.CertificateAuthority;
import dev.kluis.operator.identity.ClusterRights;
import dev.kluis.operator.identity.ServerIdentity;
import dev.kluis.operator.identity.TokenAuthenticator;
import dev.kluis.operator.rest.AuditRoutes;
import dev.kluis.operator.rest.FairShares;
import dev.kluis.operator.rest.KeyRoutes;
import dev.kluis.operator.rest.KeyUseRoutes;
import dev.kluis.operator.rest.OpenApi;
import dev.kluis.operator.rest.RestServer;
import dev.kluis.operator.rest.Route;
import dev.kluis.operator.rest.SealRoutes;
import dev.kluis.operator.rest.SecretRoutes;
import dev.kluis.operator.rest.StatusRoutes;
import dev.kluis.operator.rest.TokenRoutes;
import dev.kluis.operator.rest.VaultRoutes;
import dev.kluis.operator.token.AccessTokenAuthentication;
import dev.kluis.operator.token.AccessTokens;
import dev.kluis.operator.token.ExternalClients;
import dev.kluis.operator.token.TokenEndpoint;
import dev.kluis.vault.Vault;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.access.AccessQuestions;
import dev.kluis.vault.audit.AuditSink;
import dev.kluis.vault.audit.TokenTrail;
import dev.kluis.vault.seal.Seal;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The API and what it is reached by: its server, its certificate, the hosts of vaults, and the authority where clients
 * find it. It answers from the start; until there is an engine, only those of its routes that need none.
 */
final class RestFace implements AutoCloseable {

    private static final Duration HOSTS_EVERY = Duration.ofMinutes(1);
    private static final Duration PUBLISHED_EVERY = Duration.ofMinutes(10);

    private final InstantSource clock;
    private final Periodic periodic;
    private final AuthorityPublication publication;
    private final ServerIdentity identity;
    private final RestServer server;
    private final Optional<HostServices> hosts;
    private final AccessTokens tokens;
    private final FairShares shares = new FairShares(Runtime.getRuntime().availableProcessors(), System::nanoTime);

    RestFace(
            Kluis kluis,
            Kluis.Settings settings,
            KubernetesClient client,
            CertificateAuthority authority,
            TokenAuthenticator cluster,
            InstantSource clock,
            LongSupplier nanoTime,
            SecureRandom random,
            Periodic periodic) {
        this.clock = clock;
        this.periodic = periodic;
        this.publication = new AuthorityPublication(client, settings.api().authority(), authority);
        this.identity = new ServerIdentity(authority, settings.api().names());
        Supplier<UUID> ids = () -> new UUID(random.nextLong(), random.nextLong());
        var declared = settings.api().tokens();
        this.tokens = new AccessTokens(declared.issuer(), declared.audiences(), declared.tenant(), clock, ids);
        var clients = new ExternalClients(declared.clients(), nanoTime);
        var endpoint = new TokenEndpoint(
                tokens,
                cluster,
                clients,
                declared.assertionAudiences(),
                new TokenTrail(kluis.audit(), clock, () -> ids.get().toString().replace("-", "")),
                nanoTime);
        var routes = routes(kluis, settings, client);
        routes.addAll(OpenApi.routes(() -> server().routes()));
        routes.addAll(new TokenRoutes(endpoint, declared.tenant()).routes());
        this.server = new RestServer(
                new RestServer.Address(settings.api().port(), declared.tenant(), identity),
                new AccessTokenAuthentication(tokens, cluster, clients, kluis::vault, clock),
                kluis::ready,
                clock,
                ids,
                shares,
                routes);
        this.hosts = settings.api().hostTarget().map(target -> new HostServices(client, target));
    }

    private static List<Route> routes(Kluis kluis, Kluis.Settings settings, KubernetesClient client) {
        var routes = new ArrayList<Route>();
        routes.addAll(StatusRoutes.routes(
                () -> new StatusRoutes.Status(kluis.phase().title(), kluis.ready(), kluis.whySealed())));
        routes.addAll(SecretRoutes.routes());
        routes.addAll(KeyRoutes.routes());
        routes.addAll(KeyUseRoutes.routes());
        routes.addAll(VaultRoutes.routes());
        var seal = new SealRoutes(
                settings.seal().kind().word(),
                kluis.ceremonies(),
                kluis::rootRotation,
                new ClusterRights(client, settings.namespace()),
                kluis.trail());
        routes.addAll(seal.routes());
        if (kluis.audit() instanceof Audit searchable) {
            routes.addAll(seal.audit(searchable.search()));
        }
        return routes;
    }

    /** Where a Vault declares what each identity has. */
    FairShares shares() {
        return shares;
    }

    RestServer server() {
        return server;
    }

    /** Where vaults have hosts of their own. */
    Optional<HostServices> hosts() {
        return hosts;
    }

    /** Takes the keys of tokens from the roots that are here now. */
    void unsealed(Seal seal) {
        tokens.unsealed(seal);
    }

    /** From now on there is an engine. */
    void serve(Vault engine, AccessQuestions access, List<Route> backups, AuditSink audit) {
        var routes = new ArrayList<>(AccessRoutes.routes(access));
        routes.addAll(backups);
        if (audit instanceof Audit searchable) {
            routes.addAll(AuditRoutes.routes(searchable.search()));
            routes.addAll(UnusedRoutes.routes(access, searchable.search(), clock));
        }
        server.serve(engine, routes);
        periodic.run("publication of the authority", PUBLISHED_EVERY, publication::publish);
        hosts.ifPresent(
                services -> periodic.run("alignment of the hosts", HOSTS_EVERY, () -> services.align(names(engine))));
    }

    /** Those that are held: of vaults that are in use, or can be recovered. */
    private static List<String> names(Vault engine) {
        return engine.vaults().stream()
                .map(VaultId::name)
                .filter(name -> engine.named(name).isPresent())
                .toList();
    }

    @Override
    public void close() {
        hosts.ifPresent(HostServices::close);
        server.close();
        identity.close();
    }
}
