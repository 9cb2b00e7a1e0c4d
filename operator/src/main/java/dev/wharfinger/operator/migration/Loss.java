package dev.wharfinger.operator.migration;

import dev.wharfinger.api.v1alpha1.MigrationPhase;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is lost by going back to the retained SQLite file as it stands.
 *
 * @param rows which rows differ, in words; null where the report does not tell
 * @param accepted whether somebody said that they may be lost
 * @param command how that is said
 */
public record Loss(@Nullable String rows, boolean accepted, String command) {

  /** The application runs on, on PostgreSQL, until somebody has decided. */
  MigrationState ask() {
    return MigrationState.stalled(
        MigrationPhase.PREFLIGHT,
        "RollbackLosesRows",
        "back: rollback takes the SQLite file as it was before: "
            + Objects.requireNonNullElse(rows, "the report that counts the rows cannot be read")
            + ". What is written until the application stops is lost too. To allow it: "
            + command
            + "; to have the rows copied set migration.back: copy, to stay set backend: PostgreSQL");
  }
}
