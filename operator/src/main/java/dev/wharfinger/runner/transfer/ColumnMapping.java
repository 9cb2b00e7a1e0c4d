package dev.wharfinger.runner.transfer;

import dev.wharfinger.runner.transfer.codec.Cell;
import dev.wharfinger.runner.transfer.codec.Choices;
import dev.wharfinger.runner.transfer.codec.ColumnEncoder;
import dev.wharfinger.runner.transfer.codec.ColumnFacts;
import dev.wharfinger.runner.transfer.codec.Encoders;
import dev.wharfinger.runner.transfer.codec.Storage;
import dev.wharfinger.runner.transfer.codec.TimeUnits;
import dev.wharfinger.runner.transfer.codec.ValueEncoder;
import dev.wharfinger.runner.transfer.codec.Verdict;
import dev.wharfinger.runner.transfer.format.FormatSurvey;
import dev.wharfinger.runner.transfer.postgresql.TargetColumn;
import dev.wharfinger.runner.transfer.scratch.RowIds;
import dev.wharfinger.runner.transfer.scratch.Scratch;
import dev.wharfinger.runner.transfer.sqlite.SourceColumn;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A source column, where it goes, and what was seen on the way. */
final class ColumnMapping {
  final SourceColumn source;
  final TargetColumn target;
  final Choices choices;
  final ColumnEncoder encoder;
  private final ColumnFacts facts;

  /** In which format the first values are, for a later move back. */
  @Nullable FormatSurvey survey;

  /** Rows that get NULL here, because a policy says so. */
  final RowIds nulled;

  /** The first rows whose value a policy has changed, by its rule. */
  final Map<String, List<Long>> changed = new TreeMap<>();

  private final long[] storage = new long[Storage.values().length];
  private final long[] grades = new long[Verdict.Grade.values().length];
  private final Map<String, long[]> rules = new TreeMap<>();
  private final boolean limited;
  private int longest;
  private long mostCharacters;
  private Verdict lastVerdict = Verdict.EXACT;
  private long[] lastCount = rules.computeIfAbsent(Verdict.EXACT.rule(), rule -> new long[1]);

  private ColumnMapping(
      SourceColumn source, TargetColumn target, ColumnFacts facts, Choices choices, RowIds nulled) {
    this.source = source;
    this.target = target;
    this.facts = facts;
    this.choices = choices;
    this.nulled = nulled;
    this.limited = target.targetType().characters() && target.typmod() > 0;
    this.encoder = Encoders.of(target.targetType(), target.notNull(), facts, choices);
  }

  /** A mapping with the encoder of its target type. */
  static ColumnMapping of(
      SourceColumn source,
      TargetColumn target,
      ColumnFacts facts,
      Choices choices,
      Scratch scratch) {
    return new ColumnMapping(source, target, facts, choices, new RowIds(scratch));
  }

  /** The same with an encoder of its own. */
  ColumnMapping forWorker() {
    return new ColumnMapping(source, target, facts, choices, nulled);
  }

  /** Whether the server makes the value of a text. */
  boolean readByServer() {
    return Encoders.readByServer(target.type());
  }

  /**
   * Whether some value can be judged only by one who knows the whole column: a number in a time
   * column, a word in an integer column. Asked after all values were seen.
   */
  boolean wantsFacts() {
    if (!Encoders.needsFacts(target.type())) {
      return false;
    }
    boolean integer = target.type().startsWith("int");
    return integer
        ? storage(Storage.TEXT) > 0 && grade(Verdict.Grade.REJECTED) > 0
        : storage(Storage.INTEGER) + storage(Storage.REAL) > 0;
  }

  void count(Storage seen, Verdict verdict, int length) {
    longest = Math.max(longest, length);
    storage[seen.ordinal()]++;
    grades[verdict.grade().ordinal()]++;
    if (verdict != lastVerdict) {
      lastVerdict = verdict;
      lastCount = rules.computeIfAbsent(verdict.rule(), rule -> new long[1]);
    }
    lastCount[0]++;
  }

  /** Counts the characters of a text, where there may be too many. */
  void measure(Cell cell) {
    if (limited && cell.storage() == Storage.TEXT) {
      long characters = 0;
      for (byte b : cell.bytes()) {
        // Not one that goes on with a character.
        characters += (b & 0xc0) == 0x80 ? 0 : 1;
      }
      mostCharacters = Math.max(mostCharacters, characters);
    }
  }

  /** Characters of the longest text, where the target's type has a limit for them. */
  OptionalLong mostCharacters() {
    return limited ? OptionalLong.of(mostCharacters) : OptionalLong.empty();
  }

  /** Whether values of several storage classes were seen. */
  boolean mixed() {
    return Arrays.stream(Storage.values())
            .filter(one -> one != Storage.NULL && storage(one) > 0)
            .count()
        > 1;
  }

  /** Notes one of the rows whose value a policy has changed. */
  void change(Verdict verdict, long row) {
    List<Long> rows = changed.computeIfAbsent(verdict.rule(), rule -> new ArrayList<>());
    if (rows.size() < Findings.MAX_ROWS) {
      rows.add(row);
    }
  }

  long storage(Storage which) {
    return storage[which.ordinal()];
  }

  long grade(Verdict.Grade grade) {
    return grades[grade.ordinal()];
  }

  Map<String, long[]> rules() {
    return rules;
  }

  /** Whether nothing about any value is changed. */
  boolean arrivesAsItIs() {
    return grade(Verdict.Grade.NORMALISED)
            + grade(Verdict.Grade.CHOSEN)
            + grade(Verdict.Grade.REJECTED)
        == 0;
  }

  /** Bytes of the longest value as it is sent. */
  int longest() {
    return longest;
  }

  /** Whether nothing but values of one storage class was seen. */
  boolean only(Storage one) {
    for (Storage other : Storage.values()) {
      if (other != one && other != Storage.NULL && storage(other) > 0) {
        return false;
      }
    }
    return true;
  }

  /** Whether values that differ to SQLite differ to PostgreSQL too, by the type's own equality. */
  boolean staysDistinct() {
    return arrivesAsItIs()
        && nulled.isEmpty()
        && switch (target.type()) {
          case "int2", "int4", "int8" -> only(Storage.INTEGER);
          case "text", "varchar" -> only(Storage.TEXT);
          case "bytea", "uuid" -> only(Storage.BLOB);
          default -> false;
        };
  }

  /**
   * Whether the server is sure to take each value that the encoder lets through; a time made of a
   * number may be beyond its calendar, and a document too deep for it.
   */
  boolean sureToFit() {
    return switch (target.type()) {
      case "bool", "int2", "int4", "int8", "float4", "float8", "numeric" -> true;
      case "text", "varchar", "bpchar", "citext", "bytea", "uuid", "enum", "time" -> true;
      case "date", "timestamp", "timestamptz" ->
          storage(Storage.INTEGER) + storage(Storage.REAL) == 0;
      default -> readByServer() || only(Storage.NULL);
    };
  }

  /** What numbers in a time column are taken for. */
  String unit() {
    return encoder.values() instanceof TimeUnits units ? units.unitName() : "";
  }

  /** Fields that become NULL. */
  long nulls() {
    return storage(Storage.NULL)
        + count(ValueEncoder.EMPTY_TO_NULL)
        + count(ValueEncoder.BLANK_TO_NULL);
  }

  private long count(Verdict verdict) {
    long[] count = rules.get(verdict.rule());
    return count == null ? 0 : count[0];
  }
}
