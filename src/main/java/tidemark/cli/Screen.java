package tidemark.cli;

import java.io.PrintWriter;
import tidemark.change.PlainText;

/**
 * Where commands print: the one way to a terminal. What is printed as a line is one; nothing in it
 * controls the terminal but our own colours. Threading: as a {@link PrintWriter}.
 */
final class Screen extends PrintWriter {
  private final PrintWriter terminal;

  Screen(PrintWriter terminal) {
    super(terminal, true);
    this.terminal = terminal;
  }

  @Override
  public void println(String line) {
    terminal.println(PlainText.line(line));
  }

  @Override
  public void println(Object line) {
    println(String.valueOf(line));
  }

  /** A line with a word in a colour. */
  void println(String before, Colour colour, String word, String after) {
    terminal.println(
        PlainText.line(before) + colour.paint(PlainText.line(word)) + PlainText.line(after));
  }

  @Override
  public void write(String text, int from, int length) {
    terminal.write(PlainText.lines(text.substring(from, from + length)));
  }

  @Override
  public void write(char[] text, int from, int length) {
    write(new String(text), from, length);
  }

  @Override
  public void write(int c) {
    write(String.valueOf((char) c), 0, 1);
  }
}
