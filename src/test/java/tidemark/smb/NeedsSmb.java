package tidemark.smb;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** What a real SMB server and mounts of it take. */
final class NeedsSmb implements ExecutionCondition {
  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    List<String> missing = missing();
    if (missing.isEmpty()) {
      return ConditionEvaluationResult.enabled("smbd can be run");
    }
    String reason = "no SMB server here, missing: " + String.join(", ", missing);
    if (context.getTestMethod().isEmpty()) {
      System.out.println("skipped " + context.getDisplayName() + ": " + reason);
    }
    return ConditionEvaluationResult.disabled(reason);
  }

  private static List<String> missing() {
    List<String> missing = new ArrayList<>();
    for (String program : List.of("smbd", "smbnetfs", "fusermount")) {
      if (!installed(program)) {
        missing.add(program);
      }
    }
    if (!Files.isWritable(Path.of("/dev/fuse"))) {
      missing.add("/dev/fuse");
    }
    if (!"root".equals(System.getProperty("user.name"))) {
      missing.add("root, who may listen on port 445");
    }
    return missing;
  }

  private static boolean installed(String program) {
    return Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }
}
