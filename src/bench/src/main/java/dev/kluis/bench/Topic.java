package dev.kluis.bench;

/** A part of what is measured, which can be run by itself. */
@FunctionalInterface
interface Topic {

    void measure() throws Exception;
}
