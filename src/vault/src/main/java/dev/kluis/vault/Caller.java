package dev.kluis.vault;

import java.util.List;
import java.util.Optional;

/** Who asks, as authentication proved it. Nothing in it is the caller's own claim. */
public sealed interface Caller {

    /** The name in records and audit, at most 1,024 characters. */
    String name();

    /**
     * A ServiceAccount by its token.
     *
     * @param uid of the ServiceAccount, so that one made again under the same name is another
     * @param pod the pod that the token is bound to
     */
    record ServiceAccount(String namespace, String account, String uid, Optional<BoundPod> pod) implements Caller {
        @Override
        public String name() {
            return "system:serviceaccount:" + namespace + ":" + account;
        }
    }

    /** The pod and node that a ServiceAccount token is bound to. */
    record BoundPod(String name, String uid, String node) {}

    /** A person or program that the cluster's authentication knows. */
    record User(String name, List<String> groups) implements Caller {
        public User {
            groups = List.copyOf(groups);
        }
    }

    /** A controller acting for one resource: may touch what that resource made, nothing else. */
    record Resource(Owner owner, String uid) implements Caller {
        @Override
        public String name() {
            return "resource:" + owner;
        }
    }

    /** Kluis itself, for what a date demands: the purge of what is due. */
    record Clockwork() implements Caller {

        static final String NAME = "kluis:clockwork";

        @Override
        public String name() {
            return NAME;
        }
    }
}
