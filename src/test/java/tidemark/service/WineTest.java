package tidemark.service;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.change.Failure;
import tidemark.service.WindowsService.Logon;

/**
 * The real `prunsrv.exe`, and wine's `schtasks`, `reg` and `sc`.
 *
 * <p>Wine's scheduler reads a task, keeps its settings, starts nothing and answers no queries.
 */
@Tag("wine")
class WineTest {
  private static final String TASK = "Tidemark - BÜRO - jörg";
  private static final String PASSWORD = "s3cr;t #Ä\" %PATH%";

  @TempDir static Path prefix;
  @TempDir Path folder;
  private static Wine wine;
  private Program program;

  @BeforeAll
  static void windows() throws IOException {
    wine = Wine.in(prefix);
  }

  @AfterAll
  static void ends() {
    if (wine != null) {
      wine.close();
    }
  }

  @BeforeEach
  void an_installation() throws IOException {
    program = Programs.in(folder);
    Path procrun = program.home().resolve("service/windows/prunsrv.exe");
    Files.createDirectories(procrun.getParent());
    Files.copy(
        Path.of("target/procrun/amd64/prunsrv.exe"), procrun, StandardCopyOption.REPLACE_EXISTING);
  }

  private ScheduledTask task(Runnable stop) {
    return ScheduledTask.ofUser(wine.tools(), program, "BÜRO\\jörg", stop);
  }

  private String taskXml(String name) throws IOException {
    return Tools.decoded(Files.readAllBytes(wine.task(name)));
  }

  @Test
  void the_scheduler_takes_the_task_and_each_of_its_settings() throws IOException {
    List<String> told = task(() -> {}).install(true);
    assertThat(told).anyMatch(line -> line.contains(TASK)).contains("It was started.");
    assertThat(taskXml(TASK))
        .contains("<ExecutionTimeLimit>PT0S</ExecutionTimeLimit>")
        .contains("<Priority>5</Priority>")
        .contains("<MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>");
    task(() -> {}).uninstall();
  }

  @Test
  void the_scheduler_refuses_xml_with_a_mistake_and_so_has_read_ours() throws IOException {
    String good = TaskXml.ofUser("BÜRO\\jörg").text("C:\\ä b\\javaw.exe", "-jar x", "C:\\");
    for (String wrong :
        List.of(good.replace("<Hidden>false", "<Hidden>perhaps"), good.replace("</Exec>", ""))) {
      assertThat(create(wrong).well()).as(wrong).isFalse();
    }
    assertThat(create(good).well()).isTrue();
    assertThat(wine.tools().run("schtasks", "/delete", "/tn", "try", "/f").well()).isTrue();
  }

  private Tools.Answer create(String xml) throws IOException {
    Path file = Files.createDirectories(folder.resolve(Programs.ODD)).resolve("Aufgabe ü.xml");
    Files.write(file, TaskXml.bytes(xml));
    return wine.tools().run("schtasks", "/create", "/tn", "try", "/xml", Wine.name(file), "/f");
  }

  @Test
  void installed_twice_it_is_there_and_uninstalled_it_is_gone() {
    AtomicInteger stopped = new AtomicInteger();
    task(() -> {}).install(false);
    task(() -> {}).install(false);
    assertThat(wine.task(TASK)).exists();
    assertThat(task(stopped::incrementAndGet).uninstall())
        .contains("The task '" + TASK + "' is gone.");
    assertThat(wine.task(TASK)).doesNotExist();
    assertThat(stopped).hasValue(1);
  }

  @Test
  void a_task_for_everybody_has_a_name_and_an_end_of_its_own() throws IOException {
    task(() -> {}).install(false);
    ScheduledTask everybodys = ScheduledTask.ofEverybody(wine.tools(), program);
    assertThat(everybodys.install(true)).contains("It starts at the next logon.");
    assertThat(wine.task("Tidemark")).exists();
    everybodys.uninstall();
    assertThat(wine.task("Tidemark")).doesNotExist();
    assertThat(wine.task(TASK)).exists();
    task(() -> {}).uninstall();
  }

  @Test
  void what_the_scheduler_does_not_take_is_told() throws IOException {
    Files.createDirectories(wine.task(TASK)); // a folder in its place
    try {
      assertThatThrownBy(() -> task(() -> {}).install(false))
          .isInstanceOf(Failure.class)
          .hasMessageContaining("did not take the task");
    } finally {
      Files.delete(wine.task(TASK));
    }
  }

  private WindowsService service(String account) {
    return new WindowsService(
        wine.tools(),
        program,
        Optional.of(new Logon(new ServiceAccount(account), PASSWORD)),
        folder.resolve("Protokolle ü"));
  }

  @Test
  void procrun_registers_the_service_under_its_account() throws IOException {
    WindowsService service = service("BUERO\\dienst");
    assertThat(service.status().installed()).isFalse();
    List<String> told = service.install(false);
    assertThat(told).anyMatch(line -> line.contains("as BUERO\\dienst"));
    assertThat(service.status().installed()).isTrue();
    assertThat(service.status().lines()).contains("It does not run.");

    String registry = wine.registry(folder).replace("\\\\", "\\");
    assertThat(registry)
        .contains("\"ObjectName\"=\"BUERO\\dienst\"")
        .contains("$x\\tidemark-1.2.3\\service\\windows\\prunsrv.exe\\\" //RS//Tidemark")
        .contains("\"Jvm\"=\"" + Wine.name(program.library()))
        .contains("\"Classpath\"=\"" + Wine.name(program.jar()))
        .contains("\"WorkingPath\"=\"" + Wine.name(program.home()))
        .contains("\"Params\"=hex(7):" + hex("run", "--config"))
        .contains("\"Class\"=\"tidemark.Tidemark\"")
        .contains("\"Class\"=\"java.lang.System\"")
        .contains("\"Method\"=\"exit\"");
    assertThat(service.uninstall()).contains("The service Tidemark is gone.");
  }

  @Test
  void a_service_installed_twice_is_there_once_and_uninstalled_not_at_all() {
    service("BUERO\\erster").install(false);
    service("BUERO\\zweiter").install(false);
    assertThat(service("x").status().lines().get(0)).contains("as BUERO\\zweiter");
    service("x").uninstall();
    assertThat(service("x").status().installed()).isFalse();
    assertThat(service("x").uninstall()).contains("There is no service Tidemark.");
    assertThat(
            wine.tools()
                .run(
                    "reg",
                    "query",
                    "HKLM\\SOFTWARE\\Wow6432Node\\Apache Software Foundation\\ProcRun 2.0\\Tidemark")
                .well())
        .isFalse();
  }

  @Test
  void the_password_stands_nowhere_in_the_registry_or_in_procruns_log() throws IOException {
    service("BUERO\\dienst").install(false);
    assertThat(wine.registry(folder)).contains("dienst").doesNotContain("s3cr");
    if (Files.exists(folder.resolve("Protokolle ü"))) {
      try (var logs = Files.list(folder.resolve("Protokolle ü"))) {
        for (Path log : logs.toList()) {
          assertThat(Files.readString(log)).doesNotContain("s3cr");
        }
      }
    }
    service("x").uninstall();
  }

  /** As `regedit` writes lists: UTF-16, byte by byte. */
  private static String hex(String... values) {
    StringBuilder text = new StringBuilder();
    for (byte b : (String.join("\0", values) + "\0").getBytes(UTF_16LE)) {
      text.append("%02x,".formatted(b));
    }
    return text.toString();
  }
}
