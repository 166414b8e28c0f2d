package dev.kluis.operator.node;

/** A pod, as a kubelet names it. */
public record PodIdentity(String namespace, String name, String uid, String serviceAccount, String node) {}
