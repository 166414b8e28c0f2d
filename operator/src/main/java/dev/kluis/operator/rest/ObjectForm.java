package dev.kluis.operator.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.kluis.vault.ObjectKind;
import dev.kluis.vault.object.ObjectState;
import dev.kluis.vault.object.VersionView;
import java.io.IOException;
import java.util.function.Predicate;

/** How Key Vault writes objects of one kind. */
interface ObjectForm {

    ObjectKind kind();

    /** All members of a version, without its value. */
    void bundle(JsonGenerator json, Request request, VersionView view) throws IOException;

    /**
     * The members of an entry in a list.
     *
     * @param url of the object, or of the version
     */
    void entry(JsonGenerator json, Request request, String url, VersionView view) throws IOException;

    /** Which objects a list has. */
    default Predicate<ObjectState> shown(Request request) {
        return any -> true;
    }

    /** What the address of the page that follows repeats of the query, such as {@code kty=all&}; or empty. */
    default String repeated(Request request) {
        return "";
    }
}
