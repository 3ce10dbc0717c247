package tidemark.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tidemark.change.Failure;

/** What Windows' tools say, and what they are not to be asked. */
class WindowsTextsTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "LocalSystem",
        ".\\LocalSystem",
        "NT AUTHORITY\\SYSTEM",
        "NT AUTHORITY\\LocalService",
        "nt authority\\network service",
        "NT-AUTORITÄT\\SYSTEM",
        "NT SERVICE\\Tidemark",
        "AUTORITE NT\\Système"
      })
  void the_machines_own_accounts_are_refused_with_the_reason(String name) {
    assertThatThrownBy(() -> new ServiceAccount(name))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("sees neither mapped drives nor has it the user's rights");
  }

  @Test
  void a_persons_account_is_taken_and_a_managed_one_needs_no_password() {
    assertThat(new ServiceAccount("CORP\\jörg").needsPassword()).isTrue();
    assertThat(new ServiceAccount("svc").name()).isEqualTo(".\\svc");
    assertThat(new ServiceAccount("svc@corp.example").name()).isEqualTo("svc@corp.example");
    assertThat(new ServiceAccount("CORP\\tide$").needsPassword()).isFalse();
    assertThatThrownBy(() -> new ServiceAccount("CORP\\")).isInstanceOf(Failure.class);
  }

  @Test
  void a_service_takes_only_unc_paths_of_the_share() {
    WindowsService.requireUnc(
        Map.of("databases.server.master", "\\\\nas\\office\\db\\server.db", "b", "//n/s/x"));
    for (String path : List.of("Z:\\db\\server.db", "server.db", "\\\\nas\\server.db", "C:/x")) {
      assertThatThrownBy(() -> WindowsService.requireUnc(Map.of("databases.server.master", path)))
          .isInstanceOf(Failure.class)
          .hasMessageContaining("databases.server.master is " + path);
    }
  }

  @Test
  void lists_for_procrun_keep_separators_inside_values() {
    assertThat(WindowsService.listed(List.of("run", "C:\\a;b\\x#y", "C:\\c d")))
        .isEqualTo("run;'C:\\a;b\\x#y';C:\\c d");
    assertThatThrownBy(() -> WindowsService.listed(List.of("C:\\O'Neill")))
        .isInstanceOf(Failure.class);
  }

  @Test
  void the_right_to_log_on_as_a_service_is_found_by_name_or_id() {
    String rights =
        """
        [Unicode]\r
        Unicode=yes\r
        [Privilege Rights]\r
        SeBatchLogonRight = *S-1-5-21-1-2-3-9999\r
        SeServiceLogonRight = svc,*S-1-5-80-0,*S-1-5-21-1-2-3-1001\r
        SeDenyServiceLogonRight = bad\r
        """;
    byte[] file = ("\ufeff" + rights).getBytes(StandardCharsets.UTF_16LE);
    String read = Tools.decoded(file);
    assertThat(LogonRight.isAmong(List.of("SVC"), read)).isTrue();
    assertThat(LogonRight.isAmong(List.of("x", "S-1-5-21-1-2-3-1001"), read)).isTrue();
    assertThat(LogonRight.isAmong(List.of("S-1-5-21-1-2-3-9999"), read)).isFalse();
    assertThat(LogonRight.isAmong(List.of("bad"), read)).isFalse();
    assertThat(LogonRight.isAmong(List.of("svc"), "")).isFalse();
  }

  @Test
  void the_schedulers_answer_is_read_by_place_in_any_language() {
    String german =
        "\"PC-7\",\"\\Tidemark - CORP - jörg\",\"Nicht zutreffend\",\"Wird ausgeführt\",\"Nur interaktiv\",\"21.11.2026 08:00:12\",\"267009\",\"Tidemark\",\"C:\\x\\javaw.exe\"\r\n";
    assertThat(ScheduledTask.lastRun(german)).hasValue("last start: 21.11.2026 08:00:12, runs now");
    assertThat(ScheduledTask.lastRun("")).isEmpty();
  }

  @Test
  void a_services_state_is_read_in_any_language() {
    String german =
        "SERVICE_NAME: Tidemark\n  TYP     : 10  WIN32_OWN_PROCESS\n  STATUS  : 4  RUNNING\n";
    assertThat(WindowsService.state(german)).isEqualTo("It runs.");
    assertThat(WindowsService.state(german.replace("4  RUNNING", "1  STOPPED")))
        .isEqualTo("It does not run.");
    assertThat(WindowsService.state("")).contains("does not say");
  }

  @Test
  void a_path_that_windows_would_take_for_a_variable_is_refused() throws Exception {
    Path odd = folder.resolve("50%TEMP%50");
    ScheduledTask task =
        ScheduledTask.ofUser(Tools.ofThisSystem(), Programs.in(odd), "CORP\\jörg", () -> {});
    assertThatThrownBy(() -> task.install(true))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("%TEMP%");
  }

  @Test
  void a_tool_that_is_not_there_answers_as_a_shell_would() {
    Tools.Answer answer = Tools.ofThisSystem().run("no-such-tool-" + folder.getFileName());
    assertThat(answer.exitCode()).isEqualTo(127);
    assertThat(answer.well()).isFalse();
  }
}
