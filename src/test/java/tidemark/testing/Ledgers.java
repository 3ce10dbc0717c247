package tidemark.testing;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** The ledger on a share as anybody could read it who knows docs/LEDGER.md, and not Tidemark. */
public final class Ledgers {
  private static final Pattern NUMBER = Pattern.compile("\"number\":(\\d+)");

  private Ledgers() {}

  /** The text of every entry, those in the archive too. */
  public static List<String> entries(Path ledger) {
    List<String> texts = new ArrayList<>();
    for (Path file : files(ledger.resolve("entries"), "entry.jsonl.gz")) {
      texts.add(text(bytes(file)));
    }
    for (Path zip : files(ledger.resolve("archive"), ".zip")) {
      try (ZipInputStream in = new ZipInputStream(Files.newInputStream(zip))) {
        for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
          texts.add(text(in.readAllBytes()));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return texts;
  }

  public static Set<String> words(Path share) {
    Set<String> words = new TreeSet<>();
    entries(share.resolve("server.db-ledger")).forEach(t -> words.addAll(RandomSchema.words(t)));
    return words;
  }

  /** The ids of all records that an entry tells of. */
  static Set<String> births(Path share) {
    Set<String> births = births(share, false);
    births.addAll(births(share, true));
    return births;
  }

  /** The ids of those that a row of an entry's tells of, or a conflict. */
  static Set<String> births(Path share, boolean conflicts) {
    Set<String> births = new TreeSet<>();
    entries(share.resolve("server.db-ledger")).stream()
        .flatMap(String::lines)
        .filter(line -> line.startsWith("{\"conflict\":") == conflicts)
        .forEach(line -> births.addAll(Lineage.births(line)));
    return births;
  }

  /** Whole entries that somebody wrote aside and has not given, or could not give, their number. */
  public static List<Path> staged(Path ledger) {
    return files(ledger.resolve("append"), "entry.jsonl.gz").stream()
        .filter(entry -> !text(bytes(entry)).isEmpty())
        .toList();
  }

  public static long number(Path entry) {
    Matcher number = NUMBER.matcher(text(bytes(entry)));
    if (!number.find()) {
      throw new IllegalStateException(entry + " has no number");
    }
    return Long.parseLong(number.group(1));
  }

  public static Path folderOf(Path ledger, long number) {
    return ledger
        .resolve("entries")
        .resolve(String.format("%03d", number / 1000))
        .resolve(String.format("%012d", number));
  }

  private static List<Path> files(Path folder, String ending) {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(p -> p.toString().endsWith(ending)).sorted().toList();
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(byte[] packed) {
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return ""; // cut short while it was written
    }
  }
}
