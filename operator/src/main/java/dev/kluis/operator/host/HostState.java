package dev.kluis.operator.host;

/** How a vault's host stands. */
public enum HostState {
    /** Vaults have no Services here: their hosts are in other domains than the cluster's. */
    ELSEWHERE,
    /** Its Service points to the API. */
    THERE,
    /** There is no Service, or it is Kluis's and points elsewhere. */
    MISSING,
    /** A Service of this name is there, and Kluis did not make it. */
    TAKEN,
    /** The API server did not tell. */
    UNKNOWN
}
