package dev.beamline;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.util.List;

/**
 * Holds the order of the packages: what stands lower in {@link #ORDER} knows nothing of what stands
 * higher.
 */
@AnalyzeClasses(packages = "dev.beamline", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {

  /** From the bottom to the top; packages of one line do not know each other. */
  private static final List<List<String>> ORDER =
      List.of(
          List.of("diagnostic"),
          List.of("catalog"),
          List.of("project", "plan"),
          List.of("execution"),
          List.of("transform"),
          List.of("sql", "io"),
          List.of("pipeline"),
          List.of("testing", "deploy", "report", "sample"),
          List.of("cli"));

  @ArchTest
  static final ArchRule PACKAGES_KNOW_ONLY_WHAT_IS_BELOW =
      ArchRuleDefinition.classes()
          .should(
              new ArchCondition<>("depend only on packages below their own") {
                @Override
                public void check(JavaClass item, ConditionEvents events) {
                  int own = level(item);
                  item.getDirectDependenciesFromSelf()
                      .forEach(
                          dependency -> {
                            JavaClass target = dependency.getTargetClass();
                            int other = level(target);
                            boolean sameTop = top(item).equals(top(target));
                            if (other >= 0 && !sameTop && other >= own) {
                              events.add(
                                  SimpleConditionEvent.violated(item, dependency.getDescription()));
                            }
                          });
                }
              });

  @ArchTest
  static final ArchRule PLANS_KNOW_NO_BEAM =
      noClasses()
          .that()
          .resideInAnyPackage(
              "dev.beamline.diagnostic..",
              "dev.beamline.project..",
              "dev.beamline.catalog..",
              "dev.beamline.plan..",
              "dev.beamline.sql..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.beam..");

  @ArchTest
  static final ArchRule ONLY_THE_COMMAND_LINE_PRINTS_OR_EXITS =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.beamline.cli..")
          .should()
          .callMethod(System.class, "exit", int.class)
          .orShould()
          .accessField(System.class, "out")
          .orShould()
          .accessField(System.class, "err");

  @ArchTest
  static final ArchRule JODA_TIME_STAYS_WITH_BEAM =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "dev.beamline.transform..",
              "dev.beamline.io..",
              "dev.beamline.pipeline..",
              "dev.beamline.testing..")
          .should()
          .dependOnClassesThat(
              DescribedPredicate.describe(
                  "are Joda-Time's",
                  (JavaClass c) -> c.getPackageName().startsWith("org.joda.time")));

  private static String top(JavaClass c) {
    String name = c.getPackageName();
    if (!name.startsWith("dev.beamline.")) {
      return "";
    }
    String rest = name.substring("dev.beamline.".length());
    int dot = rest.indexOf('.');
    return dot < 0 ? rest : rest.substring(0, dot);
  }

  private static int level(JavaClass c) {
    String top = top(c);
    for (int i = 0; i < ORDER.size(); i++) {
      if (ORDER.get(i).contains(top)) {
        return i;
      }
    }
    return -1;
  }
}
