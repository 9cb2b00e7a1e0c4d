package dev.wharfinger.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/** Measured values, told at the end of a run and never asserted. */
public final class Figures {
  private static final Path FILE = Shell.TOP.resolve("e2e/target/figures.tsv");

  private Figures() {}

  /** Notes one value, for example {@code ("PostgreSQL, time to Ready", "6.1 s")}. */
  public static void note(String what, String value) {
    try {
      Files.createDirectories(FILE.getParent());
      Files.writeString(
          FILE, what + "\t" + value + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Notes a number of seconds. */
  static void seconds(String what, double seconds) {
    note(what, String.format(Locale.ROOT, "%.1f s", seconds));
  }
}
