package dev.kluis.operator.wiring;

import dev.kluis.operator.ApiSettings;
import dev.kluis.operator.host.HostServices;
import dev.kluis.operator.identity.AuthorityPublication;
import dev.kluis.operator.identity.TokenAuthenticator;
import dev.kluis.operator.token.ExternalClients;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the configuration says of the API. */
final class ApiConfig {

    /** Of a domain that the cluster's own DNS answers, by the Services of the namespace that is its first label. */
    private static final String IN_CLUSTER = HostServices.NAMESPACE + ".svc.";

    /** Of the tokens that pods have who are set up for Azure's workload identity. */
    private static final String FEDERATION = "api://AzureADTokenExchange";

    private ApiConfig() {}

    static ApiSettings of(KluisConfig config) {
        var target = hostTarget(config);
        var published = new ArrayList<>(config.authority().namespaces().orElse(List.of()));
        target.ifPresent(there -> published.add(HostServices.NAMESPACE));
        return new ApiSettings(
                config.api().port(),
                names(config, target),
                target,
                new AuthorityPublication.Settings(
                        published.stream().distinct().toList(),
                        config.authority().clusterTrustBundle()),
                tokens(config.api()));
    }

    private static ApiSettings.Tokens tokens(KluisConfig.Api api) {
        var audiences = new ArrayList<>(List.of(TokenAuthenticator.AUDIENCE));
        if (api.federation()) {
            audiences.add(FEDERATION);
        }
        return new ApiSettings.Tokens(
                api.domains(),
                api.tenant(),
                audiences,
                api.clients().orElse(List.of()).stream()
                        .map(ExternalClients.Client::parse)
                        .toList());
    }

    private static String service(KluisConfig config) {
        return config.api().service() + "." + config.namespace() + ".svc";
    }

    /** Through its Service, through a port-forward, and by the names of the vaults. */
    private static List<String> names(KluisConfig config, Optional<String> target) {
        var names =
                new ArrayList<>(List.of(service(config), service(config) + ".cluster.local", "localhost", "127.0.0.1"));
        target.ifPresent(names::add);
        config.api().domains().forEach(domain -> names.add("*." + domain));
        return names.stream().distinct().toList();
    }

    private static Optional<String> hostTarget(KluisConfig config) {
        return config.api().domains().stream()
                .filter(domain -> domain.startsWith(IN_CLUSTER))
                .findFirst()
                .map(domain -> service(config) + "." + domain.substring(IN_CLUSTER.length()));
    }
}
