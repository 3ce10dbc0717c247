package tidemark.tray;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the icon looks like. */
class FaceTest {
  @ParameterizedTest
  @EnumSource(
      value = Face.class,
      names = {"CONNECTED", "SYNCING", "OFFLINE", "ERROR"})
  void a_state_has_the_colour_it_has_on_the_page(Face face) throws Exception {
    String style;
    try (InputStream css = Face.class.getResourceAsStream("/tidemark/page/page.css")) {
      style = new String(css.readAllBytes(), StandardCharsets.UTF_8);
    }
    assertThat(style)
        .contains(
            "--%s: #%06x;"
                .formatted(
                    face.name().toLowerCase(Locale.ROOT), face.colour().getRGB() & 0xffffff));
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 24, 32, 64})
  void each_is_told_from_the_others_without_colours(int size) {
    Set<String> shapes = new HashSet<>();
    for (Face face : Face.values()) {
      shapes.add(shape(face.drawn(size, size)));
    }
    assertThat(shapes).hasSameSizeAs(Face.values());
  }

  private static String shape(BufferedImage image) {
    StringBuilder shape = new StringBuilder();
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        shape.append(new Color(image.getRGB(x, y)).getRed() > 220 ? '#' : ' ');
      }
    }
    return shape.toString();
  }

  @Test
  void paused_is_shown_only_where_all_is_well() {
    assertThat(Face.of("connected", true)).isEqualTo(Face.PAUSED);
    assertThat(Face.of("connected", false)).isEqualTo(Face.CONNECTED);
    assertThat(Face.of("syncing", true)).isEqualTo(Face.SYNCING);
    assertThat(Face.of("attention", true)).isEqualTo(Face.ATTENTION);
    assertThat(Face.of("offline", true)).isEqualTo(Face.OFFLINE);
    assertThat(Face.of("error", true)).isEqualTo(Face.ERROR);
  }
}
