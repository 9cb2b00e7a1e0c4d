package dev.wharfinger.runner.transfer;

import java.util.Set;

/**
 * A part of an expression, in PostgreSQL's words.
 *
 * @param sql the words
 * @param kind what it gives
 * @param literal whether it is a constant
 * @param affine whether it is a column beside which SQLite takes a text for a number where it can
 */
record Operand(String sql, Kind kind, boolean literal, boolean affine) {
  Operand(String sql, Kind kind, boolean literal) {
    this(sql, kind, literal, false);
  }

  /** What an expression gives. */
  enum Kind {
    /** bigint. */
    INTEGER,
    /** double precision. */
    FLOAT,
    /** numeric, or a number with a point in the text of the schema. */
    NUMERIC,
    /** A column of type boolean, which was a number in SQLite. */
    BOOLEAN,
    /** text or varchar, text in SQLite too, compared byte by byte. */
    TEXT,
    /** The same in a column with another collating sequence. */
    FOLDED_TEXT,
    /** text that may stand for bytes in SQLite: unique as it is, and good for nothing else. */
    TEXT_OR_BYTES,
    /** text that SQLite compares as a number where it can: '01' and '1' are the same to it. */
    TEXT_OR_NUMBER,
    /** json or jsonb: only to be asked whether it is NULL, and valid in any case. */
    JSON,
    /** What a condition gives. */
    TRUTH,
    /** Anything else; only to be asked whether it is NULL. */
    OTHER
  }

  private static final Set<Kind> TRUTHS = Set.of(Kind.BOOLEAN, Kind.TRUTH);
  private static final Set<Kind> NUMBERS = Set.of(Kind.INTEGER, Kind.FLOAT, Kind.NUMERIC);

  private static final Set<Kind> VAGUE =
      Set.of(Kind.FOLDED_TEXT, Kind.TEXT_OR_BYTES, Kind.TEXT_OR_NUMBER, Kind.JSON, Kind.OTHER);

  static Operand of(String sql, Kind kind) {
    return new Operand(sql, kind, false);
  }

  boolean text() {
    return kind == Kind.TEXT || kind == Kind.FOLDED_TEXT;
  }

  /** Whether a collating sequence has a say where this is to be unique. */
  boolean collated() {
    return text() || kind == Kind.TEXT_OR_BYTES;
  }

  /** Whether this is the same in any expression as it is alone. */
  boolean plain() {
    return !VAGUE.contains(kind);
  }

  /** Whether this is the constant 0 or 1. */
  private boolean bit() {
    return literal && (sql.equals("0") || sql.equals("1"));
  }

  /** A text that is a number beside {@code other}, as that number; anything else as it is. */
  Operand numberBeside(Operand other) throws UntranslatableException {
    String text = sql.replace("'", "");
    return literal && kind == Kind.TEXT && other.affine && NUMBERS.contains(other.kind)
        ? Operations.number(text.replaceFirst("^-", ""), text.startsWith("-") ? "-" : "")
        : this;
  }

  /** As SQL beside {@code other}: booleans are not compared with numbers in PostgreSQL. */
  String beside(Operand other) {
    return bit() && TRUTHS.contains(other.kind) ? String.valueOf(sql.equals("1")) : sql;
  }

  /** Whether "equal" means the same on both sides. */
  boolean equatable(Operand other) {
    if (TRUTHS.contains(kind) || TRUTHS.contains(other.kind)) {
      return (TRUTHS.contains(kind) || bit()) && (TRUTHS.contains(other.kind) || other.bit());
    }
    return sortable(other) || (kind == Kind.TEXT && other.kind == Kind.TEXT);
  }

  /** Whether "less" means the same on both sides; it does not for text, which has languages. */
  boolean sortable(Operand other) {
    return NUMBERS.contains(kind)
        && NUMBERS.contains(other.kind)
        && (kind == other.kind || literal || other.literal);
  }
}
