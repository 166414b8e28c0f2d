package dev.kluis.operator.rest;

/** A place among a limited number, until it is closed. */
interface Place extends AutoCloseable {

    /** Of those that are not counted. */
    Place FREE = () -> {};

    @Override
    void close();
}
