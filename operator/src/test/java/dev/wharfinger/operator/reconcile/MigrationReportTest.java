package dev.wharfinger.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is read from the runner's report. */
class MigrationReportTest {
  @Test
  void theRevisionIsTheTargets() {
    assertThat(
            revision(
                """
                {"table": "alembic_version", "equal": true, "source": ["3f2a90c1"], "target": ["3f2a90c1"]}
                """))
        .isEqualTo("3f2a90c1");
  }

  @Test
  void aHistoryHasNoNewest() {
    assertThat(
            revision(
                """
                {"table": "flyway_schema_history", "target": ["1", "10", "2"]},
                {"table": "alembic_version", "target": ["3f2a90c1"]}
                """))
        .isEqualTo("3 in flyway_schema_history, 3f2a90c1");
  }

  @Test
  void whereNobodyKeepsOneThereIsNone() {
    assertThat(revision("")).isNull();
    assertThat(revision("{\"table\": \"alembic_version\", \"source\": [\"3f2a90c1\"]}")).isNull();
    assertThat(MigrationReport.revision(null)).isNull();
    assertThat(MigrationReport.revision("{")).isNull();
  }

  private static @Nullable String revision(String entries) {
    return MigrationReport.revision("{\"revisions\": [" + entries + "]}");
  }
}
