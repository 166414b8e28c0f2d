package dev.kluis.vault.access;

import dev.kluis.vault.Caller;

/** Whom an assignment means. Names are compared byte by byte. */
public sealed interface Subject {

    boolean means(Caller caller);

    record ServiceAccount(String namespace, String name) implements Subject {
        @Override
        public boolean means(Caller caller) {
            return caller instanceof Caller.ServiceAccount account
                    && account.namespace().equals(namespace)
                    && account.account().equals(name);
        }
    }

    record User(String name) implements Subject {
        @Override
        public boolean means(Caller caller) {
            return caller instanceof Caller.User user && user.name().equals(name);
        }
    }

    record Group(String name) implements Subject {
        @Override
        public boolean means(Caller caller) {
            return caller instanceof Caller.User user && user.groups().contains(name);
        }
    }
}
