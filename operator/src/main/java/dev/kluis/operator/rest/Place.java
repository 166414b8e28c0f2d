package dev.kluis.operator.rest;

/** A place among a limited number, until it is closed. */
interface Place extends AutoCloseable {

    /** Of those that are not counted. */
    Place FREE = () -> {};

    /** What it was taken for is done; it is held until it is closed. */
    default void done() {}

    @Override
    void close();
}
