package dev.wharfinger.runner.transfer.backward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.runner.transfer.Report;
import dev.wharfinger.testing.PostgresServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What only a virtual table knows is not lost between the two ways, and never without a word. */
class VirtualTablesIT {
  private static PostgresServer server;
  @TempDir private Path directory;
  private BackwardFixture fixture;
  private Path file;

  @BeforeAll
  static void start() throws Exception {
    server = PostgresServer.start();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @BeforeEach
  void make() throws Exception {
    file = directory.resolve("retained.db");
    fixture = new BackwardFixture(server, directory).like(file);
    fixture.file(
        file,
        "CREATE TABLE note (id INTEGER PRIMARY KEY, body TEXT)",
        "CREATE VIRTUAL TABLE own USING fts5 (title, body)",
        "CREATE VIRTUAL TABLE own_other USING fts5 (body, tokenize = 'trigram')",
        "CREATE VIRTUAL TABLE index_only USING fts5 (body, content='')",
        "CREATE VIRTUAL TABLE note_fts USING fts5 (body, content='note', content_rowid='id')",
        "CREATE VIRTUAL TABLE words USING fts5vocab (own, 'row')",
        "CREATE VIRTUAL TABLE old USING fts4 (body)",
        "CREATE VIRTUAL TABLE place USING rtree (id, west, east)",
        "CREATE VIRTUAL TABLE empty USING fts5 (body)",
        // A trigger may have the name of a table.
        "CREATE TRIGGER note AFTER INSERT ON note BEGIN"
            + " INSERT INTO note_fts (rowid, body) VALUES (new.id, new.body); END",
        "INSERT INTO note VALUES (1, 'a first note'), (2, 'a second one')",
        "INSERT INTO own (rowid, title, body) VALUES (7, 'apples', 'red fruit'), (9, 'pears', 'green')",
        "INSERT INTO own_other VALUES ('strawberry')",
        "INSERT INTO index_only (rowid, body) VALUES (3, 'invisible ink')",
        "INSERT INTO old VALUES ('ancient text')",
        "INSERT INTO place VALUES (1, 10.5, 11.5), (2, -3, 4)");
  }

  @Test
  void rowsOfTheirOwnAreCountedOnTheWayThereAndKeptOnTheWayBack() throws Exception {
    Report forward = fixture.forward(file);
    assertThat(forward.outcome()).as(forward.json().toPrettyString()).isEqualTo("moved");
    assertThat(warnings(forward))
        .containsExactlyInAnyOrder(
            "own virtual-table-not-moved 2",
            "own_other virtual-table-not-moved 1",
            "index_only virtual-table-not-moved 1",
            "old virtual-table-not-moved 1",
            "place virtual-table-not-moved 2");
    fixture.postgres("UPDATE note SET body = 'a newer one' WHERE id = 2");

    Report back = fixture.run();

    assertThat(back.outcome()).as(back.json().toPrettyString()).isEqualTo("moved");
    assertThat(warnings(back))
        .containsExactlyInAnyOrder(
            "own virtual-table-rows-kept 2",
            "own_other virtual-table-rows-kept 1",
            "index_only virtual-table-rows-kept 1",
            "old virtual-table-rows-kept 1",
            "place virtual-table-rows-kept 2");
    assertThat(found("SELECT rowid || title || body FROM own WHERE own MATCH 'green'"))
        .containsExactly("9pearsgreen");
    assertThat(found("SELECT body FROM own_other WHERE own_other MATCH 'berry'"))
        .containsExactly("strawberry");
    assertThat(found("SELECT rowid FROM index_only WHERE index_only MATCH 'ink'"))
        .containsExactly("3");
    assertThat(found("SELECT rowid FROM note_fts WHERE note_fts MATCH 'newer'"))
        .containsExactly("2");
    assertThat(found("SELECT rowid FROM note_fts WHERE note_fts MATCH 'second'")).isEmpty();
    assertThat(found("SELECT term FROM words ORDER BY term LIMIT 1")).containsExactly("apples");
    assertThat(found("SELECT body FROM old WHERE old MATCH 'ancient'"))
        .containsExactly("ancient text");
    assertThat(found("SELECT id FROM place WHERE west < 0")).containsExactly("2");
  }

  /** The tables work on: a row more is found beside those that were kept. */
  @Test
  void theApplicationGoesOnWithThem() throws Exception {
    fixture.forward(file);
    assertThat(fixture.run().outcome()).isEqualTo("moved");

    fixture.target(
        "INSERT INTO note VALUES (3, 'a third note')",
        "INSERT INTO own (title, body) VALUES ('plums', 'green')",
        "INSERT INTO index_only (rowid, body) VALUES (4, 'more ink')",
        "INSERT INTO place VALUES (3, -9, -8)",
        "INSERT INTO own (own) VALUES ('integrity-check')",
        "INSERT INTO note_fts (note_fts) VALUES ('integrity-check')");

    assertThat(found("SELECT rowid FROM own WHERE own MATCH 'green' ORDER BY rowid"))
        .containsExactly("9", "10");
    assertThat(found("SELECT rowid FROM index_only WHERE index_only MATCH 'ink' ORDER BY rowid"))
        .containsExactly("3", "4");
    assertThat(found("SELECT rowid FROM note_fts WHERE note_fts MATCH 'third'"))
        .containsExactly("3");
    assertThat(found("SELECT id FROM place WHERE west < 0 ORDER BY id")).containsExactly("2", "3");
    assertThat(found("PRAGMA integrity_check")).containsExactly("ok");
  }

  /** Content that the index needs went with a column; what cannot be built anew is said to be. */
  @Test
  void anIndexThatCannotBeBuiltAnewIsEmptyAndToldOf() throws Exception {
    fixture.file(
        file, "CREATE VIRTUAL TABLE lost USING fts5 (gone, content='note', content_rowid='id')");
    assertThat(fixture.forward(file).outcome()).isEqualTo("moved");

    Report back = fixture.run();

    assertThat(back.outcome()).as(back.json().toPrettyString()).isEqualTo("moved");
    assertThat(warnings(back)).anyMatch(w -> w.startsWith("lost virtual-table-made-empty "));
    assertThat(found("SELECT rowid FROM note_fts WHERE note_fts MATCH 'second'"))
        .containsExactly("2");
  }

  private List<String> found(String sql) throws Exception {
    return BackwardFixture.query(fixture.target, sql);
  }

  private static List<String> warnings(Report report) {
    List<String> warnings = new ArrayList<>();
    report
        .json()
        .path("warnings")
        .forEach(one ->
            warnings.add(
                one.path("table").asText()
                    + " "
                    + one.path("rule").asText()
                    + " "
                    + one.path("count").asLong()));
    return warnings;
  }
}
