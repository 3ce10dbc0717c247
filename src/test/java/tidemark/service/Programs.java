package tidemark.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** An installation, and a Java, in folders with names that are easy to get wrong. */
final class Programs {
  static final String ODD = "Büro & Söhne 100% $x";

  private Programs() {}

  static Program in(Path folder) throws IOException {
    Path home = folder.resolve(ODD).resolve("tidemark-1.2.3");
    Path java = folder.resolve(ODD).resolve("java 17");
    for (Path file :
        List.of(
            home.resolve("tidemark.jar"),
            home.resolve("service/tidemark"),
            java.resolve("bin/javaw.exe"),
            java.resolve("bin/server/jvm.dll"))) {
      Files.createDirectories(file.getParent());
      if (!Files.exists(file)) {
        Files.createFile(file);
      }
    }
    return new Program(
        home,
        java,
        home.resolve("tidemark.jar"),
        List.of("-Xmx64m", "-Dtidemark.home=" + home),
        List.of("run", "--config", folder.resolve(ODD).resolve("my config.yml").toString()));
  }
}
