package dev.kluis.operator.backup;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;

/**
 * Where a tenant's declaration may make the operator connect to: HTTPS only, and never to this host, to link-local
 * addresses such as the metadata services of clouds (169.254/16, fe80::/10), to all hosts or to groups. Names are resolved
 * here; the connection that follows at once uses the same answer from the runtime's cache.
 *
 * @param allowHttp whether plain HTTP and this host are allowed, for tests and trusted networks
 */
public record EgressRules(boolean allowHttp) {

    /** @throws IOException that says what is not allowed */
    URI require(String endpoint) throws IOException {
        var uri = parse(endpoint);
        boolean https = "https".equals(uri.getScheme());
        if (!https && !(allowHttp && "http".equals(uri.getScheme()))) {
            throw new IOException("the endpoint must be https: the chart's operator.backup.allowHttp is not set");
        }
        String host = uri.getHost();
        if (host == null || uri.getUserInfo() != null || uri.getQuery() != null || uri.getFragment() != null) {
            throw new IOException("the endpoint is no https://<host>");
        }
        try {
            for (var address : InetAddress.getAllByName(host)) {
                require(address);
            }
        } catch (UnknownHostException e) {
            throw new IOException("the host of the endpoint is not known", e);
        }
        return uri;
    }

    private static URI parse(String endpoint) throws IOException {
        try {
            return URI.create(endpoint);
        } catch (IllegalArgumentException e) {
            throw new IOException("the endpoint is no URL", e);
        }
    }

    private void require(InetAddress address) throws IOException {
        boolean never = address.isLinkLocalAddress() || address.isAnyLocalAddress() || address.isMulticastAddress();
        if (never || (address.isLoopbackAddress() && !allowHttp)) {
            throw new IOException("the endpoint leads to an address that Kluis does not connect to");
        }
    }
}
