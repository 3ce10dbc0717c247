package tidemark.serve;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tidemark.change.Failure;
import tidemark.service.Tools;

/**
 * Makes certificates that sign themselves, with the tool that every Java brings: its library has no
 * public way to.
 */
final class KeyTool {
  private static final DateTimeFormatter MOMENT =
      DateTimeFormatter.ofPattern("yyyy/MM/dd HH:mm:ss").withZone(ZoneOffset.UTC);

  /** Command lines can be read by others, the environment cannot. */
  private static final String VARIABLE = "TIDEMARK_STORE";

  private final Tools tools;
  private final Path program;

  KeyTool(Path javaHome) {
    this.tools = Tools.ofThisSystem();
    this.program =
        javaHome.resolve("bin").resolve(File.separatorChar == '\\' ? "keytool.exe" : "keytool");
  }

  /**
   * A new key and a certificate for it, in a new file.
   *
   * @param names as in the extension: {@code dns:host,ip:127.0.0.1}
   */
  void make(Path store, String host, String names, Instant from, int days) {
    List<String> command = command("-genkeypair", store, names, from, days);
    command.addAll(List.of("-keyalg", "EC", "-groupname", "secp256r1", "-dname", "CN=" + host));
    // so that the next one for this key is taken by whoever trusts this one, and no other is
    command.addAll(List.of("-ext", "bc:critical=ca:true,pathlen:0", "-ext", "eku=serverAuth"));
    run(command);
  }

  /** Another certificate for the key that is in the store. */
  void makeAgain(Path store, String names, Instant from, int days) {
    run(command("-selfcert", store, names, from, days));
  }

  private List<String> command(String verb, Path store, String names, Instant from, int days) {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of("-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC"));
    command.addAll(List.of("-J-Duser.timezone=UTC", "-J-Duser.language=en"));
    command.addAll(List.of(verb, "-alias", Credential.ALIAS, "-sigalg", "SHA256withECDSA"));
    command.addAll(List.of("-storetype", "PKCS12", "-keystore", store.toString()));
    command.addAll(List.of("-storepass:env", VARIABLE, "-keypass:env", VARIABLE));
    command.addAll(List.of("-startdate", MOMENT.format(from), "-validity", "" + days));
    command.addAll(List.of("-ext", "san=" + names));
    return command;
  }

  private void run(List<String> command) {
    if (!Files.exists(program)) {
      throw failure(program + " is not there", null);
    }
    Tools.Answer answer = tools.run(Map.of(VARIABLE, Credential.PASSWORD), command);
    if (!answer.well()) {
      throw failure(answer.inWords(), null);
    }
  }

  static Failure failure(String why, @Nullable Throwable cause) {
    return new Failure(
        Failure.USAGE,
        "the server's own certificate cannot be made: " + why,
        "Start Tidemark with a whole Java, or name PEM files under `tls:`.",
        cause);
  }
}
