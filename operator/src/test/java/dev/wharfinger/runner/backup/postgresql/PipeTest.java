package dev.wharfinger.runner.backup.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a report repeats of PostgreSQL's programs. */
class PipeTest {
  @Test
  void rowsDoNotGetIntoReports() {
    String said =
        """
        pg_restore: while PROCESSING TOC:
        pg_restore: error: COPY failed for table "people": ERROR:  value too long
        DETAIL:  Failing row contains (1, Ada
        Lovelace).
        CONTEXT:  COPY people, line 1: "1 Ada"
        HINT:  of a row
        pg_restore: warning: errors ignored on restore: 1
        """;

    assertThat(Pipe.withoutRows("pg_restore", said))
        .isEqualTo(
            """
            pg_restore: while PROCESSING TOC:
            pg_restore: error: COPY failed for table "people": ERROR:  value too long
            pg_restore: warning: errors ignored on restore: 1\
            """);
  }
}
