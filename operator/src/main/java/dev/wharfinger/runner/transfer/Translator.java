package dev.wharfinger.runner.transfer;

import dev.wharfinger.runner.transfer.Operand.Kind;
import dev.wharfinger.runner.transfer.postgresql.Sql;
import dev.wharfinger.runner.transfer.sql.Names;
import dev.wharfinger.runner.transfer.sqlite.SqlText;
import dev.wharfinger.runner.transfer.sqlite.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Expressions of SQLite's schema in PostgreSQL's words: those few that mean the same for every
 * value the columns can have, NULL included. Of anything else it says that it cannot.
 */
final class Translator {
  private final List<Token> tokens;
  private final Function<String, Optional<Operand>> columns;
  private int at;

  private Translator(List<Token> tokens, Function<String, Optional<Operand>> columns) {
    this.tokens = tokens;
    this.columns = columns;
  }

  /**
   * An expression.
   *
   * @param columns gives a column by its name
   */
  static Optional<Operand> expression(SqlText text, Function<String, Optional<Operand>> columns) {
    try {
      return Optional.of(new Translator(text.tokens(), columns).whole());
    } catch (UntranslatableException e) {
      return Optional.empty();
    }
  }

  /** An expression that is true, false or NULL. */
  static Optional<String> condition(SqlText text, Function<String, Optional<Operand>> columns) {
    try {
      return Optional.of(Operations.truth(new Translator(text.tokens(), columns).whole()));
    } catch (UntranslatableException e) {
      return Optional.empty();
    }
  }

  private Operand whole() throws UntranslatableException {
    Operand whole = either();
    Operations.require(at == tokens.size());
    return whole;
  }

  private Operand either() throws UntranslatableException {
    Operand left = both();
    while (take("OR")) {
      left = Operations.truth(Operations.truth(left) + " OR " + Operations.truth(both()));
    }
    return left;
  }

  private Operand both() throws UntranslatableException {
    Operand left = negation();
    while (take("AND")) {
      left = Operations.truth(Operations.truth(left) + " AND " + Operations.truth(negation()));
    }
    return left;
  }

  private Operand negation() throws UntranslatableException {
    return take("NOT") ? Operations.truth("NOT " + Operations.truth(negation())) : predicate();
  }

  private Operand predicate() throws UntranslatableException {
    Operand left = sum();
    if (take("IS")) {
      String not = take("NOT") ? "NOT " : "";
      expect("NULL");
      return Operations.truth(left.sql() + " IS " + not + "NULL");
    }
    boolean not = take("NOT");
    if (take("NOTNULL") || (not && take("NULL"))) {
      return Operations.truth(left.sql() + " IS NOT NULL");
    }
    if (take("IN")) {
      return Operations.truth(left.sql() + (not ? " NOT IN " : " IN ") + list(left));
    }
    if (take("BETWEEN")) {
      Operand low = sum();
      expect("AND");
      Operand high = sum();
      Operations.require(left.sortable(low) && left.sortable(high));
      return Operations.truth(
          left.sql() + (not ? " NOT" : "") + " BETWEEN " + low.sql() + " AND " + high.sql());
    }
    Operations.require(!not);
    return comparison(left);
  }

  private String list(Operand left) throws UntranslatableException {
    expect("(");
    List<String> members = new ArrayList<>();
    do {
      Operand member = sum();
      Operations.require(left.equatable(member));
      members.add(member.beside(left));
    } while (take(","));
    expect(")");
    return "(" + String.join(", ", members) + ")";
  }

  private Operand comparison(Operand left) throws UntranslatableException {
    for (String operator : List.of("=", "==", "<>", "!=", "<", "<=", ">", ">=")) {
      if (take(operator)) {
        return Operations.comparison(left, operator, sum());
      }
    }
    return left;
  }

  private Operand sum() throws UntranslatableException {
    Operand left = product();
    for (String sign = sign(); !sign.isEmpty(); sign = sign()) {
      left = Operations.arithmetic(left, sign, product());
    }
    return left;
  }

  private Operand product() throws UntranslatableException {
    Operand left = joined();
    while (take("*")) {
      left = Operations.arithmetic(left, "*", joined());
    }
    return left;
  }

  private Operand joined() throws UntranslatableException {
    Operand left = primary();
    while (take("||")) {
      left = Operations.joined(left, primary());
    }
    return left;
  }

  private Operand primary() throws UntranslatableException {
    if (take("(")) {
      Operand inner = either();
      expect(")");
      return inner;
    }
    String sign = sign();
    Operations.require(at < tokens.size());
    Token token = tokens.get(at++);
    if (token.kind() == Token.Kind.NUMBER) {
      return Operations.number(token.text(), sign.equals("-") ? "-" : "");
    }
    Operations.require(sign.isEmpty());
    if (token.kind() == Token.Kind.STRING) {
      return new Operand(Sql.literal(token.text()), Kind.TEXT, true);
    }
    Operations.require(token.named());
    if (token.kind() == Token.Kind.WORD && take("(")) {
      return function(Names.lower(token.text()));
    }
    Optional<Operand> column = columns.apply(token.text());
    if (column.isEmpty() && (token.is("TRUE") || token.is("FALSE"))) {
      return new Operand(token.is("TRUE") ? "1" : "0", Kind.INTEGER, true);
    }
    return column.orElseThrow(UntranslatableException::new);
  }

  private Operand function(String name) throws UntranslatableException {
    List<Operand> given = new ArrayList<>();
    do {
      given.add(either());
    } while (take(","));
    expect(")");
    return Operations.function(name, given);
  }

  private String sign() {
    return take("+") ? "+" : take("-") ? "-" : "";
  }

  private boolean take(String word) {
    boolean there = at < tokens.size() && tokens.get(at).is(word);
    at += there ? 1 : 0;
    return there;
  }

  private void expect(String word) throws UntranslatableException {
    Operations.require(take(word));
  }
}
