package tidemark;

import org.junit.jupiter.api.Test;

class ArchitectureTest {
  @Test
  void starts() {}
}
