package tidemark.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tidemark.testing.SettableClock;

/** How a browser gets to the page, and who else does not. */
@Timeout(60)
class PageTest {
  private static final ControlServer.Program PROGRAM = new ControlServer.Program("1.0", "a.yml");
  private static final Pattern COOKIE =
      Pattern.compile("set-cookie: (tidemark=[^;]+); (.*)", Pattern.CASE_INSENSITIVE);

  @TempDir Path state;
  private final TestEndpoint endpoint = new TestEndpoint();
  private final SettableClock clock = new SettableClock();
  private ControlServer server;

  @BeforeEach
  void listen() {
    server = start(state);
  }

  @AfterEach
  void close() {
    server.close();
  }

  private ControlServer start(Path where) {
    return ControlServer.start(where, 0, PROGRAM, endpoint.behind(new Events(), clock));
  }

  private String host() {
    return "Host: 127.0.0.1:" + server.port() + "\r\n";
  }

  private String origin() {
    return "Origin: http://127.0.0.1:" + server.port() + "\r\n";
  }

  private Wire.Answer ask(String request, String headers) throws IOException {
    try (Wire wire = new Wire(server.port())) {
      return wire.send(request + " HTTP/1.1\r\n" + host() + headers + "\r\n").answer();
    }
  }

  /** The path of an address that opens the page. */
  private String opening() throws IOException {
    String token = ControlFile.read(state).orElseThrow().token();
    Wire.Answer answer = ask("POST /api/code", "Authorization: Bearer " + token + "\r\n");
    String url = answer.json().get("url").toString();
    assertThat(url).startsWith("http://127.0.0.1:" + server.port() + "/?code=");
    return url.substring(url.indexOf("/?"));
  }

  /** Where the page is, and the header that proves it. */
  private record Opened(String page, String cookie, String attributes) {}

  private Opened open() throws IOException {
    Wire.Answer answer = ask("GET " + opening(), "");
    assertThat(answer.status()).isEqualTo(303);
    Matcher cookie = COOKIE.matcher(answer.head());
    assertThat(cookie.find()).as(answer.head()).isTrue();
    return new Opened(
        location(answer), "Cookie: " + cookie.group(1) + "\r\n", cookie.group(2).strip());
  }

  private static String location(Wire.Answer answer) {
    Matcher location =
        Pattern.compile("location: (.*)", Pattern.CASE_INSENSITIVE).matcher(answer.head());
    return location.find() ? location.group(1).strip() : "";
  }

  @Test
  void a_code_opens_a_page_whose_cookie_is_good_for_its_own_path_alone() throws Exception {
    Opened opened = open();

    assertThat(opened.page()).matches("/p/[0-9a-f]{32}/");
    assertThat(opened.attributes())
        .isEqualTo("Path=" + opened.page() + "; Max-Age=2592000; HttpOnly; SameSite=Strict");
    assertThat(ask("GET " + opened.page(), "").status()).isEqualTo(200);
    assertThat(ask("GET " + opened.page() + "api/status", opened.cookie()).status()).isEqualTo(200);
    assertThat(ask("GET /api/status", opened.cookie()).status()).isEqualTo(401);
    Opened other = open();
    assertThat(ask("GET " + other.page() + "api/status", opened.cookie()).status()).isEqualTo(401);
    assertThat(ask("GET " + opened.page() + "api/status", "").status()).isEqualTo(401);
  }

  @Test
  void a_code_is_good_once_and_for_a_minute() throws Exception {
    String used = opening();
    assertThat(location(ask("GET " + used, ""))).startsWith("/p/");
    Wire.Answer again = ask("GET " + used, "");
    assertThat(location(again)).isEqualTo("/");
    assertThat(again.head()).doesNotContainIgnoringCase("set-cookie");

    String late = opening();
    clock.setError(Sessions.CODE_LIFE.plusSeconds(1));
    assertThat(location(ask("GET " + late, ""))).isEqualTo("/");
    assertThat(ask("GET /?code=", "").head()).doesNotContainIgnoringCase("set-cookie");
    assertThat(ask("GET /?code=0000", "").head()).doesNotContainIgnoringCase("set-cookie");
  }

  @Test
  void a_code_is_given_to_nobody_who_is_not_this_user() throws Exception {
    assertThat(ask("POST /api/code", "").status()).isEqualTo(401);
    assertThat(ask("POST /api/code", origin()).status()).isEqualTo(401);
    assertThat(ask("GET /api/code", "").status()).isEqualTo(401);
  }

  @Test
  void who_asks_for_codes_without_end_is_held_up() throws Exception {
    for (int i = 0; i < 100; i++) {
      opening();
    }
    String token = "Authorization: Bearer " + ControlFile.read(state).orElseThrow().token();
    assertThat(ask("POST /api/code", token + "\r\n").status()).isEqualTo(429);
    clock.setError(Sessions.CODE_LIFE.plusSeconds(1));
    assertThat(opening()).isNotEmpty();
  }

  @Test
  void the_page_goes_on_when_the_daemon_was_started_again_and_for_thirty_days() throws Exception {
    Opened opened = open();
    server.close();
    server = start(state);
    assertThat(ask("GET " + opened.page() + "api/status", opened.cookie()).status()).isEqualTo(200);

    clock.setError(Sessions.LIFE.plusSeconds(1));
    assertThat(ask("GET " + opened.page() + "api/status", opened.cookie()).status()).isEqualTo(401);
  }

  @Test
  void the_cookie_of_another_users_daemon_is_none_here() throws Exception {
    Opened opened = open();
    server.close();
    server = start(state.resolve("another"));
    assertThat(ask("GET " + opened.page() + "api/status", opened.cookie()).status()).isEqualTo(401);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tidemark=",
        "tidemark=.",
        "tidemark=9999999999.",
        "tidemark=9999999999.00",
        "tidemark=x.y",
        "tidemark=99999999999999999999.00",
        "tidemark",
        "other=1",
        "tidemark=\u00e4"
      })
  void a_cookie_that_was_not_signed_here_is_none(String cookie) throws Exception {
    String page = open().page();
    assertThat(ask("GET " + page + "api/status", "Cookie: " + cookie + "\r\n").status())
        .isEqualTo(401);
    assertThat(ask("POST " + page + "api/sync", origin() + "Cookie: " + cookie + "\r\n").status())
        .isEqualTo(401);
    assertThat(endpoint.asked).isEmpty();
  }

  @Test
  void a_longer_life_cannot_be_written_into_the_cookie() throws Exception {
    Opened opened = open();
    String longer = opened.cookie().replaceFirst("=\\d+", "=99999999999");
    assertThat(ask("GET " + opened.page() + "api/status", longer).status()).isEqualTo(401);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Origin: http://127.0.0.1:1\r\n",
        "Origin: https://evil.example\r\n",
        "Origin: null\r\n",
        "Sec-Fetch-Site: same-site\r\n",
        "Sec-Fetch-Site: cross-site\r\n",
        "Sec-Fetch-Site: none\r\n",
        "ORIGIN Sec-Fetch-Site: cross-site\r\n"
      })
  void with_the_cookie_only_our_own_page_changes_anything(String from) throws Exception {
    Opened opened = open();
    String headers = opened.cookie() + from.replace("ORIGIN ", origin());

    for (String path : List.of("api/sync", "api/pause", "api/resume", "api/stop", "api/code")) {
      assertThat(ask("POST " + opened.page() + path, headers).status()).as(path).isEqualTo(403);
    }
    assertThat(endpoint.asked).isEmpty();
    assertThat(ask("POST " + opened.page() + "api/sync", opened.cookie() + origin()).status())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"same-site", "cross-site"})
  void with_the_cookie_no_page_of_another_site_reads_anything(String site) throws Exception {
    Opened opened = open();
    String headers = opened.cookie() + "Sec-Fetch-Site: " + site + "\r\n";
    assertThat(ask("GET " + opened.page() + "api/status", headers).status()).isEqualTo(403);
    assertThat(endpoint.asked).isEmpty();
  }

  @Test
  void the_cookie_does_not_help_a_wrong_token() throws Exception {
    Opened opened = open();
    String both = opened.cookie() + "Authorization: Bearer 00\r\n";
    assertThat(ask("GET " + opened.page() + "api/status", both).status()).isEqualTo(401);
  }

  @Test
  void the_page_runs_nothing_from_elsewhere_and_is_shown_in_no_other() throws Exception {
    Wire.Answer page = ask("GET /", "");

    assertThat(page.status()).isEqualTo(200);
    assertThat(page.head().toLowerCase(java.util.Locale.ROOT))
        .contains(
            "content-type: text/html; charset=utf-8",
            "content-security-policy: default-src 'self';",
            "frame-ancestors 'none'",
            "x-frame-options: deny",
            "x-content-type-options: nosniff",
            "referrer-policy: no-referrer",
            "cross-origin-resource-policy: same-origin")
        .doesNotContain("unsafe", "set-cookie", "access-control");
    assertThat(page.body()).doesNotContain(ControlFile.read(state).orElseThrow().token());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/page/../../logback.xml",
        "/page/%2e%2e/%2e%2e/logback.xml",
        "/page/..%2f..%2flogback.xml",
        "/page//index.html",
        "/page/",
        "/page/.",
        "/page/none.js",
        "/page/index",
        "/page/index.html%00.js",
        "/page/..\\index.html",
        "/logback.xml",
        "/tidemark/page/index.html"
      })
  void nothing_but_the_pages_files_is_given_away(String path) throws Exception {
    assertThat(ask("GET " + path, "").status()).isIn(400, 401);
  }

  @Test
  void the_page_is_not_shown_under_another_name_or_to_another_site() throws Exception {
    try (Wire wire = new Wire(server.port())) {
      assertThat(wire.send("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n").answer().status())
          .isEqualTo(403);
    }
    assertThat(ask("GET /", "Origin: https://evil.example\r\n").status()).isEqualTo(403);
    String opening = opening();
    assertThat(ask("GET " + opening, "Origin: https://evil.example\r\n").status()).isEqualTo(403);
    assertThat(location(ask("GET " + opening, ""))).as("not used up").startsWith("/p/");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void the_key_is_its_users_alone() throws Exception {
    open();
    Path key = state.resolve("page.key");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
        .isEqualTo("rw-------");
    Files.writeString(key, "damaged");
    server.close();
    server = start(state);
    assertThat(ask("GET " + open().page(), "").status()).isEqualTo(200);
  }
}
