package dev.kluis.vault.access;

import dev.kluis.vault.Caller;
import java.util.ArrayList;
import java.util.List;

/** Whom an assignment means. Names are compared byte by byte. */
public sealed interface Subject {

    /** The word for it in an AccessAssignment. */
    String kind();

    String name();

    record ServiceAccount(String namespace, String name) implements Subject {
        @Override
        public String kind() {
            return "ServiceAccount";
        }

        @Override
        public String toString() {
            return kind() + " " + namespace + "/" + name;
        }
    }

    record User(String name) implements Subject {
        @Override
        public String kind() {
            return "User";
        }

        @Override
        public String toString() {
            return kind() + " " + name;
        }
    }

    /** Of users, or of ServiceAccounts: Kubernetes' {@code system:serviceaccounts} and that of a namespace. */
    record Group(String name) implements Subject {
        @Override
        public String kind() {
            return "Group";
        }

        @Override
        public String toString() {
            return kind() + " " + name;
        }
    }

    /** The group that all ServiceAccounts are in, as Kubernetes puts them there; with {@code :<namespace>}, those of one. */
    String SERVICE_ACCOUNTS = "system:serviceaccounts";

    /** All that a caller is, itself first. Resources and the clock are nobody: no assignment is for them. */
    static List<Subject> of(Caller caller) {
        return switch (caller) {
            case Caller.ServiceAccount account ->
                List.of(
                        new ServiceAccount(account.namespace(), account.account()),
                        new Group(SERVICE_ACCOUNTS + ":" + account.namespace()),
                        new Group(SERVICE_ACCOUNTS));
            case Caller.User user -> {
                var subjects = new ArrayList<Subject>(1 + user.groups().size());
                subjects.add(new User(user.name()));
                user.groups().forEach(group -> subjects.add(new Group(group)));
                yield List.copyOf(subjects);
            }
            case Caller.Resource resource -> List.of();
            case Caller.Clockwork clockwork -> List.of();
        };
    }
}
