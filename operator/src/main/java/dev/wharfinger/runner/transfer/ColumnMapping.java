package dev.wharfinger.runner.transfer;

import dev.wharfinger.runner.transfer.codec.ColumnEncoder;
import dev.wharfinger.runner.transfer.codec.ColumnFacts;
import dev.wharfinger.runner.transfer.codec.Encoders;
import dev.wharfinger.runner.transfer.codec.Storage;
import dev.wharfinger.runner.transfer.codec.Verdict;
import dev.wharfinger.runner.transfer.format.FormatSurvey;
import dev.wharfinger.runner.transfer.postgresql.TargetColumn;
import dev.wharfinger.runner.transfer.sqlite.SourceColumn;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A source column, where it goes, and what was seen on the way. */
final class ColumnMapping {
  final SourceColumn source;
  final TargetColumn target;
  final ColumnEncoder encoder;

  /** In which format the first values are, for a later move back. */
  @Nullable FormatSurvey survey;

  private final long[] storage = new long[Storage.values().length];
  private final long[] grades = new long[Verdict.Grade.values().length];
  private final Map<String, long[]> rules = new TreeMap<>();
  private Verdict lastVerdict = Verdict.EXACT;
  private long[] lastCount = rules.computeIfAbsent(Verdict.EXACT.rule(), rule -> new long[1]);

  ColumnMapping(SourceColumn source, TargetColumn target, ColumnEncoder encoder) {
    this.source = source;
    this.target = target;
    this.encoder = encoder;
  }

  /** A mapping with the encoder of its target type. */
  static ColumnMapping of(SourceColumn source, TargetColumn target, ColumnFacts facts) {
    return new ColumnMapping(
        source,
        target,
        Encoders.of(target.type(), target.typmod(), target.labels(), target.notNull(), facts));
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

  void count(Storage seen, Verdict verdict) {
    storage[seen.ordinal()]++;
    grades[verdict.grade().ordinal()]++;
    if (verdict != lastVerdict) {
      lastVerdict = verdict;
      lastCount = rules.computeIfAbsent(verdict.rule(), rule -> new long[1]);
    }
    lastCount[0]++;
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

  /** Fields that become NULL. */
  long nulls() {
    long[] empty = rules.get("empty-text-to-null");
    return storage(Storage.NULL) + (empty == null ? 0 : empty[0]);
  }
}
