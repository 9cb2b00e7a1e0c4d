package dev.wharfinger.runner.transfer.sqlite;

import dev.wharfinger.runner.transfer.codec.Cell;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.Set;

/** What SQLite puts into a column that is given no value. */
public final class DefaultValue {
  private static final Set<String> CLOCK =
      Set.of("CURRENT_TIME", "CURRENT_DATE", "CURRENT_TIMESTAMP");

  private DefaultValue() {}

  /** Whether it is always the same: neither the clock nor a function is asked. */
  public static boolean constant(SourceColumn column) {
    return Token.of(column.defaultText()).stream()
        .noneMatch(token -> token.is("(") || CLOCK.stream().anyMatch(token::is));
  }

  /** The value of a constant, made by SQLite itself: words, quotes and affinity are its own. */
  public static Cell of(SourceColumn column) throws Exception {
    String text = column.defaultText();
    List<Token> tokens = Token.of(text);
    // A name or a double quoted text is a value only without brackets, a sum only with them; the
    // line ends a comment.
    String wrapped = tokens.size() == 1 ? text : "(" + text + "\n)";
    Cell cell = new Cell();
    try (Connection memory = DriverManager.getConnection("jdbc:sqlite::memory:");
        Statement statement = memory.createStatement()) {
      statement.execute("CREATE TABLE t (v " + column.affinity() + " DEFAULT " + wrapped + "\n)");
      statement.execute("INSERT INTO t DEFAULT VALUES");
      try (var select = memory.prepareStatement("SELECT v FROM t")) {
        new RowCursor(select, StandardCharsets.UTF_8).forEach(row -> row.read(0, cell));
      }
    }
    return cell;
  }
}
