package tidemark.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VariablesTest {
  @Test
  void defaults_within_defaults_end_somewhere() {
    Variables variables = new Variables(desk.surroundings(), Rights.FULL);
    String deep = "${A:".repeat(20_000) + "}".repeat(20_000);
    assertThatThrownBy(() -> variables.expand(deep))
        .isInstanceOfSatisfying(
            BadValue.class, bad -> assertThat(bad.reason()).contains("more than 20 deep"));
  }

  private final Desk desk =
      new Desk(Path.of("/nowhere"))
          .set("NAME", "anna")
          .set("EMPTY", "")
          .set("TRICKY", "%NAME% ${NAME} $$")
          .set("ProgramFiles(x86)", "C:\\Programs");

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      delimiter = '|',
      value = {
        "plain | plain",
        "%NAME% | anna",
        "${NAME} | anna",
        "a%NAME%b${NAME}c | aannabannac",
        "${OTHER:someone} | someone",
        "${NAME:someone} | anna",
        "${OTHER:} | \"\"",
        "${EMPTY:someone} | \"\"",
        "${OTHER:${NAME}} | anna",
        "${OTHER:x%NAME%} | xanna",
        "${OTHER:C:\\data} | C:\\data",
        "%ProgramFiles(x86)%\\t | C:\\Programs\\t",
        "100%% | 100%",
        "%%NAME%% | %NAME%",
        "$${NAME} | ${NAME}",
        "$$ | $",
        "100% sure, 50% off | 100% sure, 50% off",
        "\\\\nas\\C$\\data | \\\\nas\\C$\\data",
        "%TRICKY% | %NAME% ${NAME} $$",
      })
  void variables_are_put_in_once_and_signs_can_be_had(String written, String meant)
      throws BadValue {
    assertThat(new Variables(desk.surroundings(), Rights.FULL).expand(written)).isEqualTo(meant);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "%OTHER%\\x | names the environment variable OTHER, which is not set",
        "${OTHER} | names the environment variable OTHER, which is not set",
        "%name% | names the environment variable name, which is not set",
        "${OTHER:${MORE}} | names the environment variable MORE, which is not set",
        "${NAME | has ${ without }",
        "${two words} | has ${two words}, which is no variable's name",
        "${} | has ${}, which is no variable's name",
      })
  void a_variable_that_cannot_be_had_is_named(String written, String why) {
    assertThatThrownBy(() -> new Variables(desk.surroundings(), Rights.FULL).expand(written))
        .isInstanceOf(BadValue.class)
        .hasMessageContaining(why);
  }

  @Test
  void windows_alone_knows_no_case_in_names() throws BadValue {
    Desk windows = new Desk(Path.of("/nowhere"), "Windows 11").set("AppData", "C:\\Users\\anna");

    assertThat(new Variables(windows.surroundings(), Rights.FULL).expand("%APPDATA%\\t ${appdata}"))
        .isEqualTo("C:\\Users\\anna\\t C:\\Users\\anna");
  }
}
