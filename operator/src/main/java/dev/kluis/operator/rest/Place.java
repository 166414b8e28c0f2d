package dev.kluis.operator.rest;

/** A place among a limited number, until it is closed. */
interface Place extends AutoCloseable {
    @Override
    void close();
}
