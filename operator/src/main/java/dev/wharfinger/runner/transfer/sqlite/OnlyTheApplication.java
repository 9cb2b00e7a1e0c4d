package dev.wharfinger.runner.transfer.sqlite;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a schema may need that only the application has: collations, functions, modules. SQLite says
 * so in words alone.
 */
public final class OnlyTheApplication {
  private static final Pattern COLLATION =
      Pattern.compile("no such collation sequence:? ?([^)]*)", Pattern.DOTALL);

  private static final List<String> WORDS =
      List.of(
          "no such collation sequence",
          "unknown function",
          "no such function",
          "no such module",
          "no such tokenizer",
          "unknown tokenizer");

  private OnlyTheApplication() {}

  /** Whether the application could do it and we cannot. */
  public static boolean could(SQLException error) {
    String message = String.valueOf(error.getMessage());
    return !SourceDatabase.damaged(error) && WORDS.stream().anyMatch(message::contains);
  }

  /** The name of the collation that is missing, if that is what is missing. */
  public static Optional<String> collation(SQLException error) {
    Matcher name = COLLATION.matcher(String.valueOf(error.getMessage()));
    return name.find() ? Optional.of(name.group(1)) : Optional.empty();
  }
}
