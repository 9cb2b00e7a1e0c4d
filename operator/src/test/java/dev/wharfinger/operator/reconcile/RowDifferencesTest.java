package dev.wharfinger.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a person reads before deciding. */
class RowDifferencesTest {
  @Test
  void countsEachSideAndNamesTables() {
    assertThat(
            words(
                """
                {"compared": true, "columnsOnlyInPostgresql": ["note.priority"], "tables": [
                  {"name": "note", "onlyInPostgresql": 10, "onlyInFile": 3},
                  {"name": "tag", "onlyInPostgresql": 2, "onlyInFile": 0}]}
                """))
        .isEqualTo(
            "12 rows only in PostgreSQL [note 10, tag 2], 3 rows only in the file [note 3]"
                + " (a changed row is one on each side); columns with values only in PostgreSQL: note.priority");
  }

  @Test
  void namesTheFirstTablesOnly() {
    StringBuilder tables = new StringBuilder();
    for (int i = 0; i < 7; i++) {
      tables
          .append(i == 0 ? "" : ",")
          .append("{\"name\": \"t%d\", \"onlyInPostgresql\": 1, \"onlyInFile\": 0}".formatted(i));
    }
    assertThat(words("{\"tables\": [" + tables + "]}"))
        .startsWith(
            "7 rows only in PostgreSQL [t0 1, t1 1, t2 1, t3 1, t4 1 and 2 more], 0 rows only in the file (");
  }

  @Test
  void saysNothingOfWhatWasNotCompared() {
    assertThat(words("{\"outcome\": \"failed\", \"tables\": [{\"name\": \"note\"}]}")).isNull();
    assertThat(words(null)).isNull();
    assertThat(words("{\"compared\": true, \"tables\": []}"))
        .startsWith("0 rows only in PostgreSQL, 0 rows only in the file");
  }

  private static @Nullable String words(@Nullable String report) {
    return MigrationReport.of(null, report).differences();
  }
}
