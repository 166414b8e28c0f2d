package dev.kluis.vault;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.kluis.vault", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule the_engine_knows_no_cluster_no_http_and_no_framework = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.fabric8..", "io.quarkus..", "jakarta..", "io.grpc..", "io.javaoperatorsdk..");

    @ArchTest
    static final ArchRule the_engine_does_no_cryptography_of_its_own =
            noClasses().should().dependOnClassesThat().resideInAnyPackage("javax.crypto..", "org.bouncycastle..");

    @ArchTest
    static final ArchRule time_comes_from_the_clock_that_was_given = noClasses()
            .should()
            .callMethod(java.time.Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis");
}
