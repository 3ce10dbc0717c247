package tidemark.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What `config check` prints, people send to each other. */
class SecretsTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      textBlock =
          """
          alert: { webhook: 'https://it:s3cret@chat.example.com/hooks' } | https://chat.example.com/***
          alert: { webhook: 'https://chat.example.com/s3cret' }          | https://chat.example.com/***
          alert: { webhook: 'https://chat.example.com:8443?key=s3cret' } | https://chat.example.com:8443/***
          alert: { webhook: 'https://chat.example.com#s3cret' }          | https://chat.example.com/***
          alert: { webhook: 'https://chat.example.com' }                 | https://chat.example.com
          alert: { command: "curl 'https://it:s3cret@x.org/a?k=s3cret'" }| curl 'https://***@x.org/a?***'
          contact: 'ftp://it:s3cret@help.example.com/a'                  | ftp://***@help.example.com/a
          contact: 'it:s3cret@help.example.com'                          | ***@help.example.com
          contact: 'ask: anna@example.com, ext. 12:30'                   | ask: anna@example.com, ext. 12:30
          maintenance: { indexes: ['q(a)'] }                             | [q(a)]
          """)
  void what_lets_one_in_is_not_shown(String text, String shown) {
    Desk desk = new Desk(folder);
    desk.with(text + "\n");

    assertThat(desk.read().list()).extracting(SettingInForce::value).contains(shown);
    assertThat(desk.read().list().toString()).doesNotContain("s3cret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "alert: { webhook: 'htps://it:s3cret@chat.example.com/x' }",
        "alert: { webhook: 'https://it:s3cret@chat.example.com/ x?s3cret' }",
        "alert: { webhook: ['https://it:s3cret@chat.example.com/'] }",
        "smtp: { server: 'it:s3cret@mail.example.com', from: it@example.com }",
        "smtp: { password: [s3cret] }",
        "smtp: { password: 's3cret${' }",
        "smtp: { passwrd: s3cret }",
        "smtp: s3cret",
        "alert: { email: 'https://it:s3cret@x.org' }"
      })
  void nor_where_it_is_wrong(String text) {
    assertThat(catchThrowable(() -> new Desk(folder).with(text + "\n")))
        .hasMessageNotContaining("s3cret")
        .hasMessageContaining(":5: ");
  }

  @Test
  void nor_where_it_is_changed_from_afar() {
    Desk desk = new Desk(folder);
    desk.with("");
    SettingsFile file = new SettingsFile(desk.surroundings(), Optional.empty());
    SettingsEdit edit = new SettingsEdit(file, desk.surroundings());

    assertThat(
            catchThrowable(() -> edit.set("alert.webhook", "htps://it:s3cret@chat.example.com/x")))
        .hasMessageContaining("alert.webhook")
        .hasMessageNotContaining("s3cret");
  }
}
