package dev.wharfinger.runner.transfer.format;

import dev.wharfinger.runner.transfer.sql.Names;
import dev.wharfinger.runner.transfer.sql.Quoting;
import dev.wharfinger.runner.transfer.sqlite.SourceColumn.Affinity;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The formats that a column may be in, by its types on both sides; the first is the usual one. */
public final class Formats {
  private Formats() {}

  /**
   * Formats in question.
   *
   * @param type name of the base type in PostgreSQL's catalogue, {@code enum} for any enum type
   * @param declared the column's declaration in SQLite
   * @param affinity what that declaration means to SQLite
   * @return empty where the type has no counterpart
   */
  public static List<Format> of(String type, String declared, Affinity affinity) {
    return switch (type) {
      case "int2", "int4", "int8" -> integers();
      case "float4" -> floats(affinity, true);
      case "float8" -> floats(affinity, false);
      case "numeric" -> numerics(affinity);
      case "bool" -> booleans();
      case "text", "varchar", "citext" ->
          List.of(text(), new SimpleFormat("bytes", (f, c) -> c.setBlob(f.bytes(0))));
      case "bpchar" ->
          List.of(
              new SimpleFormat("padded", (f, c) -> c.setText(f.bytes(0))),
              new SimpleFormat("trimmed", (f, c) -> c.setText(f.text(0).stripTrailing())));
      case "bytea" ->
          List.of(
              new SimpleFormat("bytes", (f, c) -> c.setBlob(f.bytes(0))),
              new SimpleFormat("text", (f, c) -> c.setText(f.bytes(0))));
      case "uuid" -> uuids(declared, affinity);
      case "json" -> List.of(text());
      case "jsonb" ->
          List.of(
              new JsonSpacing("spaced", true, false),
              new JsonSpacing("compact", false, false),
              new JsonSpacing("spaced-ascii", true, true),
              new JsonSpacing("compact-ascii", false, true));
      case "timestamp", "timestamptz", "date", "time" -> TimeFormats.times(type, affinity);
      case "interval" -> TimeFormats.intervals(affinity);
      case "enum" -> labels();
      default -> List.of();
    };
  }

  /**
   * The format among {@code left} that applications use unless something tells otherwise; empty for
   * types that each library writes in its own way.
   */
  public static Optional<Format> usual(String type, List<Format> left) {
    return switch (type) {
      case "timestamp", "timestamptz", "time", "uuid", "interval" -> Optional.empty();
      case "date" -> left.stream().filter(format -> format.name().equals("YYYY-MM-DD")).findFirst();
      default -> left.stream().findFirst();
    };
  }

  private static Format text() {
    return new SimpleFormat("text", (f, c) -> c.setText(f.bytes(0)));
  }

  private static List<Format> integers() {
    return List.of(
        new SimpleFormat("integer", (f, c) -> c.setInteger(f.number())),
        new SimpleFormat("real", (f, c) -> c.setReal(f.number())),
        new SimpleFormat("text", (f, c) -> c.setText(Long.toString(f.number()))));
  }

  /**
   * What is selected of a column, as SQL.
   *
   * @param type as for {@link #of}
   */
  public static String sql(String type, String column) {
    return type.equals("interval") ? IntervalFormat.sql(column) : Quoting.name(column);
  }

  private static List<Format> floats(Affinity affinity, boolean single) {
    Format real = new FloatFormat("real", single, FloatFormat.Form.REAL);
    Format whole = new FloatFormat("integer-if-whole", single, FloatFormat.Form.WHOLE);
    Format text = new FloatFormat("text", single, FloatFormat.Form.TEXT);
    // SQLite itself would write no more than 15 digits into a column of text.
    return affinity == Affinity.TEXT ? List.of(text) : List.of(real, whole, text);
  }

  private static List<Format> numerics(Affinity affinity) {
    Format number = new NumericFormat("number", NumericFormat.Form.NUMBER);
    Format real = new NumericFormat("real", NumericFormat.Form.REAL);
    Format text = new NumericFormat("text", NumericFormat.Form.TEXT);
    Format brief = new NumericFormat("text-without-zeros", NumericFormat.Form.SHORT_TEXT);
    return switch (affinity) {
      case TEXT -> List.of(text, brief);
      case BLOB -> List.of(number, real, text, brief);
      default -> List.of(number);
    };
  }

  private static List<Format> booleans() {
    List<Format> formats = new ArrayList<>();
    formats.add(new SimpleFormat("0/1", (f, c) -> c.setInteger(f.number())));
    for (String words :
        "false/true False/True FALSE/TRUE f/t F/T n/y N/Y no/yes off/on".split(" ")) {
      String[] both = words.split("/");
      formats.add(
          new SimpleFormat(words, (f, c) -> c.setText(f.number() == 0 ? both[0] : both[1])));
    }
    formats.add(new SimpleFormat("text-0/1", (f, c) -> c.setText("" + f.number())));
    formats.add(new SimpleFormat("real-0/1", (f, c) -> c.setReal(f.number())));
    formats.add(new SimpleFormat("byte-0/1", (f, c) -> c.setBlob(f.bytes(0))));
    return formats;
  }

  private static List<Format> labels() {
    return List.of(
        new SimpleFormat("label", (f, c) -> c.setText(f.bytes(0))),
        new SimpleFormat("upper-case", (f, c) -> c.setText(f.text(0).toUpperCase(Locale.ROOT))),
        new SimpleFormat("lower-case", (f, c) -> c.setText(f.text(0).toLowerCase(Locale.ROOT))));
  }

  private static String dashed(Field field) {
    String hex = HexFormat.of().formatHex(field.bytes(0));
    return String.join(
        "-",
        hex.substring(0, 8),
        hex.substring(8, 12),
        hex.substring(12, 16),
        hex.substring(16, 20),
        hex.substring(20));
  }

  private static List<Format> uuids(String declared, Affinity affinity) {
    Format dashed = new SimpleFormat("uuid-36", (f, c) -> c.setText(dashed(f)));
    Format plain =
        new SimpleFormat("uuid-32", (f, c) -> c.setText(HexFormat.of().formatHex(f.bytes(0))));
    Format bytes = new SimpleFormat("uuid-bytes", (f, c) -> c.setBlob(f.bytes(0)));
    String type = Names.upper(declared);
    // Libraries of Rust write bytes, whatever the declaration.
    if (type.contains("36")) {
      return List.of(dashed, upper(dashed), bytes);
    } else if (type.contains("32")) {
      return List.of(plain, upper(plain), bytes);
    } else if (type.contains("BLOB") || type.contains("BINARY")) {
      return List.of(bytes, dashed, plain, upper(dashed), upper(plain));
    } else if (affinity == Affinity.TEXT) {
      return List.of(dashed, plain, upper(dashed), upper(plain), bytes);
    }
    return List.of(dashed, plain, bytes, upper(dashed), upper(plain));
  }

  private static Format upper(Format lower) {
    return new SimpleFormat(
        lower.name() + "-upper",
        (f, c) -> {
          lower.cell(f, c);
          c.setText(Names.upper(c.text()));
        });
  }
}
