package tidemark;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command `tidemark`. */
@Command(name = "tidemark", mixinStandardHelpOptions = true)
public final class Tidemark {
  private Tidemark() {}

  public static void main(String[] args) {
    System.exit(new CommandLine(new Tidemark()).execute(args));
  }
}
