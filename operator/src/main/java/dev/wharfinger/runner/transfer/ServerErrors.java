package dev.wharfinger.runner.transfer;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** Sorts PostgreSQL's errors: what the data are to blame for, and what may go well next time. */
final class ServerErrors {
  private ServerErrors() {}

  /** Adds a finding if the data are to blame; says whether they are. Never repeats values. */
  static boolean dataToBlame(SQLException error, Findings findings) {
    String state = String.valueOf(error.getSQLState());
    ServerErrorMessage server =
        error instanceof PSQLException postgres ? postgres.getServerErrorMessage() : null;
    if (server == null
        || !(state.startsWith("22") || state.startsWith("23") || state.startsWith("54"))) {
      return false;
    }
    String rule =
        switch (state) {
          case "23505" -> "duplicate-key";
          case "23503" -> "foreign-key-violated";
          case "23514" -> "check-violated";
          case "23502" -> "null-in-not-null-column";
          default -> "rejected-by-server-" + state;
        };
    findings.add(
        text(server.getTable()), text(server.getColumn()), rule, text(server.getConstraint()));
    return true;
  }

  /** Whether the server itself said no, so that nothing can have been committed. */
  static boolean certain(Exception error) {
    return error instanceof PSQLException postgres
        && postgres.getServerErrorMessage() != null
        && "ERROR".equals(postgres.getServerErrorMessage().getSeverity());
  }

  /** An error for people: severity, code and place, without what the server quotes from rows. */
  static String describe(SQLException error) {
    ServerErrorMessage server =
        error instanceof PSQLException postgres ? postgres.getServerErrorMessage() : null;
    String state = String.valueOf(error.getSQLState());
    if (server != null && (state.startsWith("22") || state.startsWith("23"))) {
      return "PostgreSQL error " + state;
    }
    return String.valueOf(error.getMessage()).lines().findFirst().orElse("unknown error");
  }

  private static String text(@Nullable String value) {
    return value == null ? "" : value;
  }
}
