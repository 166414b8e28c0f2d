package dev.kluis.cli;

import java.util.stream.Collectors;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says what is wrong with a command line without repeating what was typed: it may be a value. */
final class Misuse {

    private Misuse() {}

    static String text(ParameterException failure) {
        return switch (failure) {
            case MissingParameterException missing ->
                "missing: " + missing.getMissing().stream().map(Misuse::name).collect(Collectors.joining(", "));
            case UnmatchedArgumentException unmatched ->
                unmatched.isUnknownOption()
                        ? "there is no such option"
                        : "there are arguments too many, or no such command";
            default -> failure.getArgSpec() == null ? "not understood" : name(failure.getArgSpec()) + " is not legal";
        };
    }

    private static String name(ArgSpec argument) {
        return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
    }
}
