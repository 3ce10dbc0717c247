package tidemark.cli;

import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Ansi.Style;

/** Colours on a terminal that has them; elsewhere the words alone. */
enum Colour {
  GREEN(Style.fg_green),
  BLUE(Style.fg_blue),
  YELLOW(Style.fg_yellow),
  RED(Style.fg_red);

  private final Style style;

  Colour(Style style) {
    this.style = style;
  }

  String paint(String text) {
    return Ansi.AUTO.enabled() && Terminal.isThere()
        ? Style.bold.on() + style.on() + text + style.off() + Style.bold.off()
        : text;
  }
}
