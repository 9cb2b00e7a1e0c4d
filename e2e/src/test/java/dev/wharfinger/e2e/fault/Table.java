package dev.wharfinger.e2e.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What was run and how it went, kept in a file from the first point on. */
final class Table {
  private static final Map<String, Row> ROWS = new TreeMap<>();

  private static final class Row {
    private int green;
    private int red;
    private int notReached;
    private double longest;
  }

  private Table() {}

  static synchronized void green(String scenario, double recovery) {
    Row row = row(scenario);
    row.green++;
    row.longest = Math.max(row.longest, recovery);
    write();
  }

  static synchronized void red(String scenario) {
    row(scenario).red++;
    write();
  }

  static synchronized void notReached(String scenario) {
    row(scenario).notReached++;
    write();
  }

  private static Row row(String scenario) {
    return ROWS.computeIfAbsent(scenario, name -> new Row());
  }

  private static void write() {
    List<String> lines = new ArrayList<>();
    lines.add("scenario\tpoints run\tgreen\tred\tnot reached\tlongest recovery");
    Row all = new Row();
    ROWS.forEach((name, row) -> {
      lines.add(line(name, row));
      all.green += row.green;
      all.red += row.red;
      all.notReached += row.notReached;
      all.longest = Math.max(all.longest, row.longest);
    });
    lines.add(line("altogether (seed " + Settings.seed() + ")", all));
    try {
      Files.write(Floor.directory().resolve("points.tsv"), lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String line(String name, Row row) {
    return String.format(
        Locale.ROOT,
        "%s\t%d\t%d\t%d\t%d\t%.1f s",
        name,
        row.green + row.red,
        row.green,
        row.red,
        row.notReached,
        row.longest);
  }
}
