package dev.wharfinger.runner.transfer.backward;

import dev.wharfinger.runner.transfer.codec.Choices;
import dev.wharfinger.runner.transfer.codec.ColumnEncoder;
import dev.wharfinger.runner.transfer.codec.ColumnFacts;
import dev.wharfinger.runner.transfer.codec.Encoders;
import dev.wharfinger.runner.transfer.codec.PolicyKind;
import dev.wharfinger.runner.transfer.codec.Storage;
import dev.wharfinger.runner.transfer.codec.TargetType;
import dev.wharfinger.runner.transfer.codec.Verdict;
import dev.wharfinger.runner.transfer.format.Format;
import dev.wharfinger.runner.transfer.format.Formats;
import dev.wharfinger.runner.transfer.postgresql.TargetColumn;
import dev.wharfinger.runner.transfer.sql.Quoting;
import dev.wharfinger.runner.transfer.sqlite.SourceColumn;
import dev.wharfinger.runner.transfer.sqlite.SourceColumn.Affinity;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A column on both sides, and the format in which its values are written. */
final class BackColumn {
  final TargetColumn postgres;
  final SourceColumn sqlite;
  final Affinity affinity;

  /** All formats that its types know. */
  final List<Format> candidates;

  /** Formats that may be the right one; the values decide whether that makes a difference. */
  List<Format> formats;

  /** How the formats were found. */
  String evidence = "";

  /** What the formats need to be taken forward. */
  Choices decided = Choices.NONE;

  /** What was decided when the file's values were taken forward. */
  Choices earlier = Choices.NONE;

  /**
   * Whether the file has values in it that its format would not give back: of rows that did not
   * change, the file's own value is taken.
   */
  boolean retained;

  /** Whether nobody said in which of the file's formats values are that did change. */
  boolean mixed;

  /** The way forward again, which proves that nothing is lost. */
  ColumnEncoder encoder;

  /** What is selected; by itself, or as text by somebody's choice. */
  String expression;

  /** Type of what is selected. */
  final String type;

  /** How many of the file's values became NULL, as empty text in a column of numbers does. */
  long emptied;

  final Map<String, long[]> rules = new TreeMap<>();

  /** How many values of each storage class were written. */
  final long[] written = new long[Storage.values().length];

  long nulls;
  private @Nullable Verdict lastVerdict;
  private long[] lastCount = {0};

  private BackColumn(
      TargetColumn postgres, SourceColumn sqlite, Affinity affinity, String type, String sql) {
    this.postgres = postgres;
    this.sqlite = sqlite;
    this.affinity = affinity;
    this.type = type;
    this.expression = sql;
    this.candidates = Formats.of(type, sqlite.declaredType(), affinity);
    this.formats = candidates;
    this.encoder = encoder(facts(candidates));
  }

  /**
   * A pair of columns.
   *
   * @param chosen the format somebody chose, empty without
   */
  static BackColumn of(
      TargetColumn postgres, SourceColumn sqlite, Affinity affinity, String chosen) {
    String name = Quoting.name(postgres.name());
    String type = postgres.type();
    boolean known =
        !Formats.of(type, sqlite.declaredType(), affinity).isEmpty() && !type.equals("interval");
    return switch (known ? "" : addresses(type) && !chosen.equals("json") ? "text" : chosen) {
      case "json" ->
          new BackColumn(postgres, sqlite, affinity, "text", "to_json(" + name + ")::text");
      case "text" -> new BackColumn(postgres, sqlite, affinity, "text", written(name));
      default ->
          new BackColumn(postgres, sqlite, affinity, type, Formats.sql(type, postgres.name()));
    };
  }

  /** Whether everybody writes such values as PostgreSQL does. */
  private static boolean addresses(String type) {
    return type.equals("inet") || type.equals("cidr") || type.startsWith("macaddr");
  }

  /** As PostgreSQL shows it; a cast would add the length of the net to every address. */
  private static String written(String name) {
    return "CASE WHEN " + name + " IS NOT NULL THEN concat(" + name + ") END";
  }

  /** The way forward for values of a column of which so much is known. */
  ColumnEncoder encoder(ColumnFacts facts) {
    int typmod = converted() ? -1 : postgres.typmod();
    TargetType whole = new TargetType(type, typmod, postgres.labels(), postgres.elementOid());
    return Encoders.of(whole, false, facts, decided);
  }

  /** The way that the file's own values went forward, into the type that the column has there. */
  ColumnEncoder forward(ColumnFacts facts) {
    Map<PolicyKind, String> all = new EnumMap<>(PolicyKind.class);
    all.putAll(decided.of());
    all.putAll(earlier.of());
    // Without that decision an empty text can only have become NULL.
    boolean notNull = postgres.notNull() && earlier.get(PolicyKind.EMPTY_TEXT).isPresent();
    return Encoders.of(postgres.targetType(), notNull, facts, new Choices(all));
  }

  /** Whether the server made its values of texts. */
  boolean readByServer() {
    return Encoders.readByServer(postgres.type());
  }

  /** Whether its values are compared in the form that PostgreSQL sends, beside the text of them. */
  boolean raw() {
    return converted() && !readByServer() && Encoders.supports(postgres.targetType());
  }

  private static ColumnFacts facts(List<Format> formats) {
    return formats.isEmpty() ? ColumnFacts.NONE : formats.getFirst().facts();
  }

  /** Settles the formats. */
  void choose(List<Format> chosen, String why) {
    formats = chosen;
    evidence = why;
    decided = chosen.isEmpty() ? Choices.NONE : chosen.getFirst().choices();
    encoder = encoder(facts(chosen));
  }

  /** Whether a NULL is certain to be refused by SQLite. */
  boolean takesNoNull() {
    return sqlite.notNull();
  }

  /** Whether PostgreSQL writes it as text, because SQLite has nothing like its type. */
  boolean converted() {
    return !type.equals(postgres.type());
  }

  /** Whether SQLite computes it. */
  boolean computed() {
    return sqlite.generated();
  }

  /** How many values of a storage class were written. */
  long written(Storage which) {
    return written[which.ordinal()];
  }

  /** How many values that are not NULL were written. */
  long values() {
    return Arrays.stream(written).sum() - written(Storage.NULL);
  }

  void count(Verdict verdict) {
    if (verdict != lastVerdict) {
      lastVerdict = verdict;
      lastCount = rules.computeIfAbsent(verdict.rule(), rule -> new long[1]);
    }
    lastCount[0]++;
  }
}
