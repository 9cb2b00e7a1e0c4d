package dev.wharfinger.runner.transfer;

import dev.wharfinger.runner.transfer.postgresql.PostgresUrl;
import dev.wharfinger.runner.transfer.postgresql.TlsFault;
import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** Sorts PostgreSQL's errors: what would happen again, and what may go well next time. */
public final class ServerErrors {
  /** Features, values, constraints, dependent objects, names and rights, limits. */
  private static final Set<String> LASTING = Set.of("0A", "22", "23", "2B", "42", "54");

  private ServerErrors() {}

  private static @Nullable ServerErrorMessage server(Throwable error) {
    return error instanceof PSQLException postgres ? postgres.getServerErrorMessage() : null;
  }

  /** Whether data, schema or rights are to blame, so that the server would say it again. */
  static boolean lasting(SQLException error) {
    String state = String.valueOf(error.getSQLState());
    return server(error) != null && state.length() == 5 && LASTING.contains(state.substring(0, 2));
  }

  /**
   * Adds a finding for an error that is {@link #lasting}, or about a certificate of {@code at};
   * says whether it is.
   */
  public static boolean lasting(SQLException error, PostgresUrl at, Findings findings) {
    TlsFault tls = TlsFault.of(error);
    if (tls != null && tls != TlsFault.OTHER) {
      findings.add("", "", tls.code(), tls.explain(at.host(), at.port()));
      return true;
    }
    ServerErrorMessage server = server(error);
    if (server == null || !lasting(error)) {
      return false;
    }
    String state = String.valueOf(error.getSQLState());
    String detail =
        server.getConstraint() == null && !quotesRows(state)
            ? describe(error)
            : text(server.getConstraint());
    findings.add(text(server.getTable()), text(server.getColumn()), rule(state), detail);
    return true;
  }

  /** The rule that an error stands for. */
  static String rule(String state) {
    return switch (state) {
      case "23505" -> "duplicate-key";
      case "23503" -> "foreign-key-violated";
      case "23514" -> "check-violated";
      case "23502" -> "null-in-not-null-column";
      case "54000" -> "index-row-too-large";
      default -> "rejected-by-server-" + state;
    };
  }

  /** Whether the server itself said no, so that nothing can have been committed. */
  static boolean certain(Throwable error) {
    ServerErrorMessage server = server(error);
    return server != null && "ERROR".equals(server.getSeverity());
  }

  /** An error for people: severity, code and place, without what the server quotes from rows. */
  public static String describe(SQLException error) {
    String state = String.valueOf(error.getSQLState());
    if (server(error) != null && quotesRows(state)) {
      return "PostgreSQL error " + state;
    }
    return String.valueOf(error.getMessage()).lines().findFirst().orElse("unknown error");
  }

  private static boolean quotesRows(String state) {
    return state.startsWith("22") || state.startsWith("23");
  }

  private static String text(@Nullable String value) {
    return value == null ? "" : value;
  }
}
