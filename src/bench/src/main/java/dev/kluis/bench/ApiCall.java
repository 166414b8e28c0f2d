package dev.kluis.bench;

import java.io.IOException;
import java.util.function.IntFunction;
import java.util.regex.Pattern;

/**
 * What is asked of the API.
 *
 * @param each how many times in a round
 * @param request of a number, from 0
 * @param answer the form that the body of each answer has to have; its status is 200
 */
record ApiCall(String what, int each, IntFunction<byte[]> request, Pattern answer) {

    void once(HttpsConnection connection, int number) throws IOException {
        var said = connection.ask(request.apply(number));
        if (said.status() != 200 || !answer.matcher(said.body()).matches()) {
            throw new IllegalStateException(what + ": " + said);
        }
    }
}
