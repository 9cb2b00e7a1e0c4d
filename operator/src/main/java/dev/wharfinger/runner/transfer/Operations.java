package dev.wharfinger.runner.transfer;

import dev.wharfinger.runner.transfer.Operand.Kind;
import java.util.List;
import java.util.Optional;

/** What may be done with operands so that PostgreSQL and SQLite come to the same end. */
final class Operations {
  private Operations() {}

  static void require(boolean known) throws UntranslatableException {
    if (!known) {
      throw new UntranslatableException();
    }
  }

  static String truth(Operand operand) throws UntranslatableException {
    return switch (operand.kind()) {
      case TRUTH, BOOLEAN -> operand.sql();
      case INTEGER -> "(" + operand.sql() + " <> 0)";
      default -> throw new UntranslatableException();
    };
  }

  static Operand truth(String sql) {
    return Operand.of("(" + sql + ")", Kind.TRUTH);
  }

  static Operand comparison(Operand one, String operator, Operand other)
      throws UntranslatableException {
    Operand left = one.numberBeside(other);
    Operand right = other.numberBeside(one);
    String sql = operator.replace("==", "=").replace("!=", "<>");
    boolean equality = sql.equals("=") || sql.equals("<>");
    require(equality ? left.equatable(right) : left.sortable(right));
    return truth(left.beside(right) + " " + sql + " " + right.beside(left));
  }

  /** Whole numbers only: beyond 64 bits PostgreSQL refuses, where SQLite would begin to round. */
  static Operand arithmetic(Operand left, String sign, Operand right)
      throws UntranslatableException {
    require(left.kind() == Kind.INTEGER && right.kind() == Kind.INTEGER);
    require(!left.literal() || !right.literal());
    return Operand.of("(" + left.sql() + " " + sign + " " + right.sql() + ")", Kind.INTEGER);
  }

  static Operand joined(Operand left, Operand right) throws UntranslatableException {
    require(left.text() && right.text() && !(left.literal() && right.literal()));
    return Operand.of("(" + left.sql() + " || " + right.sql() + ")", Kind.TEXT);
  }

  static Operand number(String text, String sign) throws UntranslatableException {
    boolean whole = text.matches("[0-9]{1,18}");
    // More digits than a double holds for certain would be another number here.
    require(whole || text.matches("(?=.{1,16}$)[0-9]+\\.[0-9]+"));
    return new Operand(sign + text, whole ? Kind.INTEGER : Kind.NUMERIC, true);
  }

  static Operand function(String name, List<Operand> given) throws UntranslatableException {
    Operand first = given.getFirst();
    if (name.equals("coalesce") || name.equals("ifnull")) {
      Operand last = given.getLast();
      require(given.size() == 2 && first.kind() == last.kind() && first.plain());
      return Operand.of("coalesce(" + first.sql() + ", " + last.sql() + ")", first.kind());
    }
    if (name.equals("json_valid") && given.size() == 1 && first.kind() == Kind.JSON) {
      return truth("NULLIF(" + first.sql() + " IS NOT NULL, false)");
    }
    require(given.size() == 1 && first.text() && !first.literal());
    return switch (name) {
      case "length" -> Operand.of("length(" + first.sql() + ")", Kind.INTEGER);
      case "trim" -> Operand.of("btrim(" + first.sql() + ")", Kind.TEXT);
      case "lower", "upper" -> Operand.of(cased(name, first), Kind.TEXT);
      default -> throw new UntranslatableException();
    };
  }

  /** SQLite's own functions know the case of ASCII letters only; so does the collation "C". */
  private static String cased(String function, Operand text) {
    return function + "(" + text.sql() + " COLLATE \"C\")";
  }

  /**
   * What is unique where the source compares texts under {@code collation}; empty where that cannot
   * be said here.
   */
  static Optional<String> folded(Operand text, String collation) {
    return switch (collation) {
      case "NOCASE" -> Optional.of(cased("lower", text));
      case "RTRIM" -> Optional.of("rtrim(" + text.sql() + ")");
      default -> Optional.empty();
    };
  }
}
