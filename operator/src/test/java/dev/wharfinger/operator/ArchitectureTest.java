package dev.wharfinger.operator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.wharfinger.operator.reconcile.StorageInstanceReconciler;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.dependent.Deleter;
import io.javaoperatorsdk.operator.api.reconciler.dependent.GarbageCollected;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import org.junit.jupiter.api.Test;

/** The house rules: one natural way through, no back edges. */
class ArchitectureTest {
  private static final String OPERATOR = "dev.wharfinger.operator..";
  private static final String RUNNER = "dev.wharfinger.runner..";
  private static final String[] PURE = {
    "dev.wharfinger.operator.model..",
    "dev.wharfinger.operator.dependent..",
    "dev.wharfinger.operator.job..",
    "dev.wharfinger.operator.migration..",
    "dev.wharfinger.operator.restore..",
    "dev.wharfinger.operator.backup..",
    "dev.wharfinger.operator.status.."
  };
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.wharfinger");

  @Test
  void theOperatorOpensNoDatabase() {
    noClasses()
        .that()
        .resideInAPackage(OPERATOR)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.flywaydb..",
            "software.amazon..",
            "org.sqlite..",
            "org.postgresql..",
            "java.sql..",
            "javax.sql..",
            RUNNER)
        .check(CLASSES);
  }

  @Test
  void onlyTheStoreOfBucketsKnowsTheirClient() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.wharfinger.runner.backup.store.s3")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("software.amazon..")
        .check(CLASSES);
  }

  @Test
  void theRunnerKnowsNoCluster() {
    noClasses()
        .that()
        .resideInAPackage(RUNNER)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.fabric8..", "io.javaoperatorsdk..", OPERATOR)
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @Test
  void onlyReconcileSeesTheFrameworksContext() {
    noClasses()
        .that()
        .resideInAPackage("dev.wharfinger..")
        .and()
        .resideOutsideOfPackage(StorageInstanceReconciler.class.getPackageName())
        .and()
        .doNotHaveSimpleName("OperatorMain")
        .should()
        .dependOnClassesThat()
        .areAssignableTo(Context.class)
        .check(CLASSES);
  }

  @Test
  void onlyReconcileAndTheMainSeeTheFramework() {
    noClasses()
        .that()
        .resideInAnyPackage(PURE)
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.javaoperatorsdk..")
        .check(CLASSES);
  }

  @Test
  void pureCodeHasNoClient() {
    noClasses()
        .that()
        .resideInAnyPackage(PURE)
        .should()
        .dependOnClassesThat()
        .areAssignableTo(KubernetesClient.class)
        .check(CLASSES);
  }

  @Test
  void noBackEdges() {
    noClasses()
        .that()
        .resideInAnyPackage(PURE)
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.wharfinger.operator.reconcile..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage("dev.wharfinger.operator.model..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.wharfinger.operator.dependent..", "dev.wharfinger.operator.job..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage("dev.wharfinger.api..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(OPERATOR, RUNNER)
        .check(CLASSES);
  }

  @Test
  void nothingIsDeletedByAWorkflow() {
    noClasses()
        .that()
        .resideInAPackage("dev.wharfinger..")
        .should()
        .beAssignableTo(Deleter.class)
        .orShould()
        .beAssignableTo(GarbageCollected.class)
        .check(CLASSES);
  }

  @Test
  void timeComesFromAClock() {
    noClasses()
        .that()
        .resideInAPackage(OPERATOR)
        .should()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(LocalDateTime.class, "now")
        .orShould()
        .callMethod(OffsetDateTime.class, "now")
        .orShould()
        .callMethod(ZonedDateTime.class, "now")
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAnyPackage(PURE)
        .should()
        .callMethod(Clock.class, "systemUTC")
        .check(CLASSES);
  }

  @Test
  void noDrawers() {
    noClasses()
        .that()
        .resideInAPackage("dev.wharfinger..")
        .should()
        .haveSimpleNameEndingWith("Utils")
        .orShould()
        .haveSimpleNameEndingWith("Util")
        .orShould()
        .haveSimpleNameEndingWith("Helper")
        .check(CLASSES);
  }
}
