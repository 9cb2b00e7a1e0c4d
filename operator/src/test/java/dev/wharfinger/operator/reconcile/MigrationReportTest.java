package dev.wharfinger.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.api.v1alpha1.StorageMigrationStatus.Progress;
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

  @Test
  void aFindingSaysHowManyRowsOrWhichRevisions() {
    assertThat(
            MigrationReport.findings(
                """
                {"findings": [
                  {"table": "alembic_version", "column": "", "rule": "revision-differs", "count": 1,
                   "detail": "only in the source: [b], only in the target: [a]"},
                  {"table": "note", "column": "at", "rule": "text-is-no-time", "count": 3, "detail": ""}]}
                """))
        .isEqualTo(
            "the data cannot be moved as it is: alembic_version: revision-differs"
                + " (only in the source: [b], only in the target: [a]); note.at: text-is-no-time (3 rows)");
  }

  @Test
  void sizesAreNoData() {
    assertThat(
            MigrationReport.findings(
                """
                {"findings": [{"table": "note", "column": "body", "rule": "row-too-large-for-memory", "count": 1,
                  "detail": "the largest has 200 bytes"}]}
                """))
        .endsWith("note.body: row-too-large-for-memory (the largest has 200 bytes)");
  }

  @Test
  void theLastProgressIsThatOfTheLog() {
    assertThat(
            MigrationReport.progress(
                """
                {"event":"progress","phase":"copying","rows":0,"totalRows":1000}
                {"event":"progress","phase":"copying","rows":20,"totalRows":1000,"rowsPerSecond":10,"remainingSeconds":98}
                """))
        .isEqualTo(new Progress(2, 20, 1000, 10L, 98L));
    assertThat(
            MigrationReport.progress(
                "{\"event\":\"progress\",\"phase\":\"done\",\"rows\":1000,\"totalRows\":1000}"))
        .isEqualTo(new Progress(100, 1000, 1000, null, null));
  }

  /** The address of a server is no data. */
  @Test
  void aCertificateIsNamedWithTheCommandThatShowsIt() {
    assertThat(
            MigrationReport.findings(
                """
                {"findings": [{"table": "", "column": "", "rule": "tls-expired", "count": 1,
                  "detail": "the certificate of db:5432 has expired; try: openssl"}]}
                """))
        .isEqualTo(
            "the data cannot be moved as it is: database: tls-expired (the certificate of db:5432 has"
                + " expired; try: openssl)");
  }

  private static @Nullable String revision(String entries) {
    return MigrationReport.revision("{\"revisions\": [" + entries + "]}");
  }
}
