package dev.kluis.operator.root;

import dev.kluis.vault.Caller;
import dev.kluis.vault.Source;
import dev.kluis.vault.audit.SealTrail;
import dev.kluis.vault.seal.Roots;

/** Roots whose end leaves a line in the audit. */
public final class AuditedRoots implements Roots {

    private final Roots roots;
    private final SealTrail trail;

    public AuditedRoots(Roots roots, SealTrail trail) {
        this.roots = roots;
        this.trail = trail;
    }

    @Override
    public boolean rotating() {
        return roots.rotating();
    }

    @Override
    public void finish() {
        trail.change(new Caller.Clockwork(), Source.NONE, "RootRetire", () -> {}, () -> {
            roots.finish();
            return new SealTrail.Done<>(true, "the newest root is the only one");
        });
    }
}
