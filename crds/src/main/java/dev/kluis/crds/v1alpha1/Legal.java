package dev.kluis.crds.v1alpha1;

/** Patterns that several kinds share; the texts are part of the schema. */
final class Legal {

    static final String OBJECT_NAME = "^[0-9a-zA-Z-]{1,127}$";
    static final String NAMESPACE = "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$";
    static final String DURATION = "^(P[0-9]{1,5}D|PT[0-9]{1,7}[HMS])$";
    static final String TIME =
            "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})$";

    /** Of a VaultRole. */
    static final String ROLE_NAME = "^[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?$";

    private Legal() {}
}
