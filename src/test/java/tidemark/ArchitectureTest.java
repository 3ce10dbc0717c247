package tidemark;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import tidemark.run.SyncReport;

/** Imports point downwards only, and each library has one door. */
@AnalyzeClasses(packages = "tidemark", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule imports_point_downwards =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .withOptionalLayers(true)
          .layer("program")
          .definedBy("tidemark")
          .layer("cli")
          .definedBy("tidemark.cli..")
          .layer("daemon")
          .definedBy("tidemark.daemon..")
          .layer("app")
          .definedBy("tidemark.app..")
          .layer("tray")
          .definedBy("tidemark.tray..")
          .layer("control")
          .definedBy("tidemark.control..")
          .layer("say")
          .definedBy("tidemark.say..")
          .layer("config")
          .definedBy("tidemark.config..")
          .layer("service")
          .definedBy("tidemark.service..")
          .layer("serve")
          .definedBy("tidemark.serve..")
          .layer("rest")
          .definedBy("tidemark.rest..")
          .layer("sync")
          .definedBy("tidemark.sync..")
          .layer("look")
          .definedBy("tidemark.look..")
          .layer("past")
          .definedBy("tidemark.past..")
          .layer("master")
          .definedBy("tidemark.master..")
          .layer("catchup")
          .definedBy("tidemark.catchup..")
          .layer("settle")
          .definedBy("tidemark.settle..")
          .layer("run")
          .definedBy("tidemark.run..")
          .layer("upkeep")
          .definedBy("tidemark.upkeep..")
          .layer("replica")
          .definedBy("tidemark.replica..")
          .layer("ledger")
          .definedBy("tidemark.ledger..")
          .layer("share")
          .definedBy("tidemark.share..")
          .layer("log")
          .definedBy("tidemark.log..")
          .layer("alert")
          .definedBy("tidemark.alert..")
          .layer("change")
          .definedBy("tidemark.change..")
          .layer("jdbc")
          .definedBy("tidemark.jdbc..")
          .whereLayer("program")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("cli")
          // it prints what the layers below found, see the_command_line_only_reads_results
          .mayOnlyAccessLayers(
              "daemon", "app", "control", "say", "config", "service", "serve", "alert", "look",
              "past", "sync", "master", "catchup", "settle", "run", "upkeep", "replica", "log",
              "change")
          .whereLayer("cli")
          .mayOnlyBeAccessedByLayers("program")
          .whereLayer("daemon")
          .mayOnlyAccessLayers(
              "app", "tray", "control", "serve", "say", "config", "alert", "look", "past", "sync",
              "master", "catchup", "settle", "run", "upkeep", "replica", "log", "change")
          .whereLayer("app")
          .mayOnlyAccessLayers(
              "control", "rest", "serve", "say", "config", "alert", "look", "past", "sync",
              "master", "catchup", "settle", "run", "upkeep", "replica", "ledger", "share",
              "change", "jdbc")
          .whereLayer("control")
          .mayOnlyAccessLayers(
              "say", "config", "look", "past", "sync", "master", "catchup", "settle", "run",
              "upkeep", "replica", "change")
          .whereLayer("say")
          .mayOnlyAccessLayers(
              "config", "look", "past", "sync", "master", "catchup", "settle", "run", "upkeep",
              "replica", "change")
          .whereLayer("tray")
          .mayOnlyAccessLayers("control", "say", "config", "service", "change")
          .whereLayer("tray")
          .mayOnlyBeAccessedByLayers("daemon")
          // SQL that decides about rows stands beside the decision; the connection is the replica's
          .whereLayer("look")
          .mayOnlyAccessLayers(
              "past", "sync", "master", "catchup", "settle", "run", "replica", "ledger", "share",
              "change", "jdbc")
          .whereLayer("past")
          .mayOnlyAccessLayers(
              "sync", "master", "catchup", "settle", "run", "replica", "ledger", "share", "change",
              "jdbc")
          .whereLayer("sync")
          .mayOnlyAccessLayers(
              "master", "catchup", "settle", "run", "replica", "ledger", "share", "change", "jdbc")
          .whereLayer("master")
          .mayOnlyAccessLayers(
              "catchup", "settle", "run", "replica", "ledger", "share", "change", "jdbc")
          .whereLayer("catchup")
          .mayOnlyAccessLayers("settle", "run", "replica", "ledger", "share", "change", "jdbc")
          .whereLayer("settle")
          .mayOnlyAccessLayers("run", "replica", "ledger", "share", "change", "jdbc")
          .whereLayer("run")
          .mayOnlyAccessLayers("replica", "ledger", "share", "change", "jdbc")
          .whereLayer("upkeep")
          .mayOnlyAccessLayers(
              "look", "past", "sync", "master", "catchup", "settle", "run", "replica", "ledger",
              "share", "change", "jdbc")
          .whereLayer("alert")
          .mayOnlyAccessLayers("config", "change")
          .whereLayer("replica")
          .mayOnlyAccessLayers("change", "jdbc")
          .whereLayer("ledger")
          .mayOnlyAccessLayers("share", "change", "jdbc")
          .whereLayer("share")
          .mayOnlyAccessLayers("change")
          .whereLayer("service")
          .mayOnlyAccessLayers("config", "change")
          .whereLayer("serve")
          .mayOnlyAccessLayers("service", "config", "ledger", "share", "change")
          .whereLayer("serve")
          .mayOnlyBeAccessedByLayers("cli", "daemon", "app", "rest")
          .whereLayer("rest")
          // a server's own copy is looked at and edited as an application does, see RestDoor
          .mayOnlyAccessLayers(
              "serve", "say", "look", "sync", "catchup", "settle", "run", "replica", "ledger",
              "share", "change", "jdbc")
          .whereLayer("rest")
          .mayOnlyBeAccessedByLayers("app")
          .whereLayer("config")
          .mayOnlyAccessLayers("change")
          .whereLayer("log")
          .mayOnlyAccessLayers("change")
          .whereLayer("jdbc")
          .mayOnlyAccessLayers("change")
          .whereLayer("change")
          .mayNotAccessAnyLayer();

  @ArchTest
  static final ArchRule packages_form_no_cycle =
      slices().matching("tidemark.(*)..").should().beFreeOfCycles();

  /** So that the folder can be one of several kinds of place. */
  @ArchTest
  static final ArchRule the_ledgers_of_one_place_are_known_where_the_place_is_chosen =
      noClasses()
          .that()
          .resideOutsideOfPackages("tidemark.ledger.folder..", "tidemark.app..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("tidemark.ledger.folder..");

  @ArchTest
  static final ArchRule the_place_over_http_is_known_at_its_two_ends =
      noClasses()
          .that()
          .resideOutsideOfPackages("tidemark.ledger.http..", "tidemark.serve..", "tidemark.app..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("tidemark.ledger.http..");

  @ArchTest
  static final ArchRule only_the_server_knows_jetty =
      only("org.eclipse.jetty..", "tidemark.serve..");

  /** Inside the folders too: who is asked does not ask back. */
  @ArchTest
  static final ArchRule files_form_no_cycle =
      slices().assignedFrom(files()).should().beFreeOfCycles();

  private static SliceAssignment files() {
    return new SliceAssignment() {
      @Override
      public SliceIdentifier getIdentifierOf(JavaClass type) {
        return SliceIdentifier.of(type.getName().replaceFirst("\\$.*", ""));
      }

      @Override
      public String getDescription() {
        return "files";
      }
    };
  }

  @ArchTest
  static final ArchRule only_the_command_line_knows_picocli =
      only("picocli..", "tidemark", "tidemark.cli..");

  /**
   * A second set of records that say the same would only have to be kept alike; what does the work
   * is reached through the app package alone.
   */
  @ArchTest
  static final ArchRule the_command_line_only_reads_results =
      noClasses()
          .that()
          .resideInAPackage("tidemark.cli..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                      "tidemark.alert..",
                      "tidemark.run..",
                      "tidemark.settle..",
                      "tidemark.catchup..",
                      "tidemark.master..",
                      "tidemark.sync..",
                      "tidemark.past..",
                      "tidemark.look..",
                      "tidemark.upkeep..",
                      "tidemark.replica..")
                  .and(not(assignableTo(Record.class)))
                  .and(not(assignableTo(Enum.class)))
                  .and(not(equivalentTo(SyncReport.class))))
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule only_the_command_line_draws_progress =
      only("me.tongfei..", "tidemark.cli..");

  @ArchTest
  static final ArchRule only_replica_and_jdbc_talk_to_sqlite =
      noClasses()
          .that()
          .resideOutsideOfPackages("tidemark.replica..", "tidemark.jdbc..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.sql..", "javax.sql..", "org.sqlite..")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule json_and_yaml_are_read_and_written_in_few_places =
      only(
          "com.fasterxml..",
          "tidemark.change..",
          "tidemark.ledger..",
          "tidemark.replica..",
          "tidemark.run..",
          "tidemark.settle..",
          "tidemark.catchup..",
          "tidemark.master..",
          "tidemark.sync..",
          "tidemark.past..",
          "tidemark.look..", // rows, runs and conflicts as JSON text, through change.Json
          "tidemark.rest..",
          "tidemark.config..",
          "tidemark.say..",
          "tidemark.control..",
          "tidemark.cli..");

  @ArchTest
  static final ArchRule only_the_schedule_knows_quartz =
      noClasses()
          .that()
          .haveNameNotMatching("tidemark\\.daemon\\.Schedule(\\$.*)?")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.quartz..");

  @ArchTest
  static final ArchRule only_the_endpoint_knows_http =
      only("com.sun.net.httpserver..", "tidemark.control..");

  @ArchTest
  static final ArchRule only_the_icon_knows_the_desktop = only("java.awt..", "tidemark.tray..");

  /** So that nothing of the desktop is loaded where no icon is wanted. */
  @ArchTest
  static final ArchRule the_desktop_is_behind_a_door =
      noClasses()
          .that()
          .haveNameMatching("tidemark\\.tray\\.Tray")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("java.awt..");

  @ArchTest
  static final ArchRule only_one_class_knows_mail =
      noClasses()
          .that()
          .haveNameNotMatching("tidemark\\.alert\\.MailWay(\\$.*)?")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("jakarta..");

  @ArchTest
  static final ArchRule only_the_log_knows_logback = only("ch.qos.logback..", "tidemark.log..");

  private static ArchRule only(String library, String... doors) {
    return noClasses()
        .that()
        .resideOutsideOfPackages(doors)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .allowEmptyShould(true);
  }
}
