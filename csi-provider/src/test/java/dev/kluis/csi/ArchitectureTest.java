package dev.kluis.csi;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.kluis.csi", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule the_provider_knows_only_the_wire_and_the_seal_of_its_copies = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "dev.kluis.csi..",
                    "dev.kluis.wire..",
                    "dev.kluis.crypto..",
                    "java..",
                    "com.sun.net.httpserver..",
                    "org.jspecify..",
                    "io.grpc..",
                    "io.netty..",
                    "com.google.protobuf..",
                    "com.google.common.util.concurrent..",
                    "com.fasterxml.jackson..",
                    "org.yaml.snakeyaml..",
                    "com.github.benmanes.caffeine..");

    @ArchTest
    static final ArchRule key_operations_are_done_in_the_crypto_module =
            com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses()
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("javax.crypto..");
}
