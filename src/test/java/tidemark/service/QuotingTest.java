package tidemark.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.dd.plist.NSArray;
import com.dd.plist.NSDictionary;
import com.dd.plist.NSNumber;
import com.dd.plist.XMLPropertyListParser;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.testing.Shell;

/** Odd paths come out of each system's own files as they went in. */
class QuotingTest {
  @TempDir Path folder;

  @Test
  void windows_takes_a_command_line_apart_into_what_was_meant() {
    assertThat(Quoting.windows(List.of("-Xmx64m", "-Da=C:\\x y\\", "", "say \"a\\\"", "C:\\x\\")))
        .isEqualTo("-Xmx64m \"-Da=C:\\x y\\\\\" \"\" \"say \\\"a\\\\\\\"\" C:\\x\\");
  }

  @Test
  void the_unit_says_each_setting_and_escapes_each_path() throws Exception {
    Program program = Programs.in(folder);
    String unit = SystemdUnit.text(program);
    String odd = folder + "/Büro & Söhne 100%% $x/";
    assertThat(unit.lines())
        .contains(
            "ExecStart=\"%stidemark-1.2.3/service/tidemark\" \"run\" \"--config\" \"%smy config.yml\""
                .formatted(odd, odd.replace("$", "$$")),
            "Environment=\"JAVA_HOME=" + odd + "java 17\"",
            "WorkingDirectory=%h",
            "Type=exec",
            "Nice=5",
            "Restart=on-failure",
            "RestartSec=30",
            "StartLimitIntervalSec=0",
            "SuccessExitStatus=143",
            "RestartPreventExitStatus=4",
            "WantedBy=default.target");
  }

  @Test
  void systemd_finds_nothing_wrong_with_the_unit() throws Exception {
    assumeTrue(Shell.can("systemd-analyze", "--version"), "systemd-analyze is not installed");
    Program program = Programs.in(folder);
    assertThat(program.launcher().toFile().setExecutable(true)).isTrue();
    Path unit = folder.resolve(SystemdUnit.UNIT);
    Files.writeString(unit, SystemdUnit.text(program));
    Tools.Answer verdict = verify(unit);
    assertThat(verdict.text()).doesNotContain("tidemark");
    assertThat(verdict.exitCode()).as(verdict.text()).isZero();

    Files.writeString(unit, SystemdUnit.text(program).replace("Restart=", "Restart=x"));
    assertThat(verify(unit).text()).contains("Failed to parse");
  }

  private Tools.Answer verify(Path unit) {
    return Tools.ofThisSystem()
        .run(
            Map.of("XDG_RUNTIME_DIR", folder.toString()),
            List.of("systemd-analyze", "verify", "--man=no", "--user", unit.toString()));
  }

  @Test
  void the_property_list_says_each_setting_and_escapes_each_path() throws Exception {
    Program program = Programs.in(folder);
    Path home = folder.resolve("Zoë & co");
    String text = LaunchAgent.text(program, home);
    NSDictionary plist =
        (NSDictionary) XMLPropertyListParser.parse(text.getBytes(StandardCharsets.UTF_8));
    assertThat(plist.get("Label")).hasToString("tidemark");
    List<String> command = new ArrayList<>(List.of(program.launcher().toString()));
    command.addAll(program.arguments());
    assertThat(((NSArray) plist.get("ProgramArguments")).getArray())
        .extracting(Object::toString)
        .containsExactlyElementsOf(command);
    NSDictionary variables = (NSDictionary) plist.get("EnvironmentVariables");
    assertThat(variables.get("JAVA_HOME")).hasToString(program.java().toString());
    assertThat(((NSNumber) plist.get("RunAtLoad")).boolValue()).isTrue();
    NSDictionary again = (NSDictionary) plist.get("KeepAlive");
    assertThat(((NSNumber) again.get("SuccessfulExit")).boolValue()).isFalse();
    assertThat(((NSNumber) plist.get("ThrottleInterval")).intValue()).isEqualTo(30);
    assertThat(((NSNumber) plist.get("Nice")).intValue()).isEqualTo(5);
    assertThat(plist.get("WorkingDirectory")).hasToString(home.toString());
    assertThat(plist.get("StandardErrorPath")).hasToString(home + "/Library/Logs/tidemark.log");
  }

  @Test
  void the_desktop_entry_escapes_each_path_for_both_its_readers() throws Exception {
    Program program = Programs.in(folder);
    String odd = folder + "/Büro & Söhne 100%% \\\\$x/";
    assertThat(DesktopEntry.text(program).lines())
        .startsWith("[Desktop Entry]", "Type=Application", "Name=Tidemark")
        .contains(
            ("Exec=\"env\" \"JAVA_HOME=%1$sjava 17\" \"%1$stidemark-1.2.3/service/tidemark\""
                    + " \"run\" \"--config\" \"%1$smy config.yml\"")
                .formatted(odd),
            "Terminal=false",
            "X-GNOME-Autostart-enabled=true");
  }

  @Test
  void desktops_find_nothing_wrong_with_the_entry() throws Exception {
    assumeTrue(
        Shell.can("sh", "-c", "command -v desktop-file-validate"),
        "desktop-file-validate is not installed");
    Path entry = folder.resolve("tidemark.desktop");
    Files.writeString(entry, DesktopEntry.text(Programs.in(folder)));
    Tools.Answer verdict = Tools.ofThisSystem().run("desktop-file-validate", entry.toString());
    assertThat(verdict.text()).isEmpty();
    assertThat(verdict.exitCode()).isZero();
  }
}
