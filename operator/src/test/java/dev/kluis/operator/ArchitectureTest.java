package dev.kluis.operator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.kluis", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String[] CLIENT_OR_FRAMEWORK = {
        "io.fabric8.kubernetes.client..", "io.javaoperatorsdk..", "io.quarkus..", "jakarta..", "io.grpc..", "io.vertx.."
    };

    @ArchTest
    static final ArchRule a_decision_knows_neither_client_nor_framework = noClasses()
            .that()
            .haveSimpleNameEndingWith("Decision")
            .or()
            .haveSimpleNameEndingWith("Observed")
            .or()
            .haveSimpleNameEndingWith("Statuses")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(CLIENT_OR_FRAMEWORK);

    @ArchTest
    static final ArchRule a_decision_tells_no_time_and_draws_nothing = noClasses()
            .that()
            .haveSimpleNameEndingWith("Decision")
            .should()
            .callMethod(java.time.Instant.class, "now")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.security.SecureRandom");

    @ArchTest
    static final ArchRule fabric8_is_used_by_the_definitions_the_operator_its_store_the_command_and_the_tests_only =
            noClasses()
                    .that()
                    .resideOutsideOfPackages(
                            "dev.kluis.crds..",
                            "dev.kluis.operator..",
                            "dev.kluis.store.kubernetes..",
                            "dev.kluis.cli..",
                            "dev.kluis.testkit..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("io.fabric8..");

    @ArchTest
    static final ArchRule dependencies_point_one_way = noClasses()
            .that()
            .resideInAnyPackage(
                    "dev.kluis.crypto..",
                    "dev.kluis.vault..",
                    "dev.kluis.store..",
                    "dev.kluis.crds..",
                    "dev.kluis.cli..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.kluis.operator..");

    @ArchTest
    static final ArchRule the_engine_knows_neither_its_stores_nor_the_definitions = noClasses()
            .that()
            .resideInAnyPackage("dev.kluis.vault..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.kluis.store..", "dev.kluis.crds..");

    @ArchTest
    static final ArchRule key_operations_are_done_in_the_crypto_module_only = noClasses()
            .that()
            .resideOutsideOfPackage("dev.kluis.crypto..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("javax.crypto..", "com.amazon.corretto..");

    @ArchTest
    static final ArchRule the_framework_is_one_package_and_the_shells = noClasses()
            .that()
            .resideInAPackage("dev.kluis.operator..")
            .and()
            .haveSimpleNameNotEndingWith("Reconciler")
            .and()
            .doNotHaveSimpleName("Controllers")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.javaoperatorsdk..");

    @ArchTest
    static final ArchRule only_the_wiring_knows_quarkus = noClasses()
            .that()
            .resideOutsideOfPackage("dev.kluis.operator.wiring..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.quarkus..", "jakarta..");

    @ArchTest
    static final ArchRule the_rooms_of_a_kind_are_named_alike = classes()
            .that()
            .areAssignableTo(dev.kluis.operator.kind.KindReconciler.class)
            .should()
            .haveSimpleNameEndingWith("Reconciler");

    @ArchTest
    static final ArchRule kinds_do_not_know_each_other = slices().matching(
                    "dev.kluis.operator.(vault|secret|key|access)..")
            .should()
            .notDependOnEachOther();
}
