package dev.wharfinger.runner.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wharfinger.testing.PostgresServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A database of everything that has gone wrong in other tools' hands, table by table, with the end
 * of every value: {@code torture/values.txt}.
 */
class TortureIT {
  private record Value(
      int row, String sql, String form, String arrives, String derived, String rule) {}

  private record Table(
      String name, String declared, String type, String derivedType, List<Value> values) {
    List<Value> good() {
      return values.stream().filter(value -> value.rule().isEmpty()).toList();
    }
  }

  private static final String[] TYPES = {
    "CREATE TYPE mood AS ENUM ('happy', 'sad', 'Odd', 'odd')",
    "CREATE DOMAIN label AS varchar(4) CHECK (VALUE <> 'no')",
    "CREATE DOMAIN host AS inet",
  };

  private static PostgresServer server;
  @TempDir private Path directory;

  @BeforeAll
  static void start() throws Exception {
    server = PostgresServer.start();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @Test
  void everyValueThatFitsArrivesAsItShould() throws Exception {
    TransferFixture f = fixture(value -> value.rule().isEmpty());
    for (Table table : tables()) {
      f.target(
          "CREATE TABLE " + table.name() + " (id integer PRIMARY KEY, v " + table.type() + ")");
    }

    Report report = f.run();

    assertThat(report.outcome()).as(problems(report)).isEqualTo("moved");
    SoftAssertions all = new SoftAssertions();
    for (Table table : tables()) {
      StringBuilder wanted = new StringBuilder();
      table
          .good()
          .forEach(v -> wanted.append('\n').append(v.row()).append('|').append(v.arrives()));
      all.assertThat('\n' + f.rows("SELECT id, v::text FROM " + table.name() + " ORDER BY id"))
          .as(table.name())
          .isEqualTo(wanted.isEmpty() ? "\n" : wanted.toString());
      all.assertThat(counted(report, table.name())).as(table.name()).isEqualTo(counted(table));
    }
    all.assertAll();
  }

  @Test
  void everyValueThatDoesNotFitIsNamedByTableColumnAndRow() throws Exception {
    TransferFixture f = fixture(value -> true);
    for (Table table : tables()) {
      f.target(
          "CREATE TABLE " + table.name() + " (id integer PRIMARY KEY, v " + table.type() + ")");
    }
    String before = f.dump();

    Report report = f.run();

    Map<String, Set<Long>> wanted = new TreeMap<>();
    for (Table table : tables()) {
      for (Value value : table.values()) {
        if (!value.rule().isEmpty()) {
          wanted
              .computeIfAbsent(table.name() + ".v " + value.rule(), key -> new TreeSet<>())
              .add((long) value.row());
        }
      }
    }
    Map<String, Set<Long>> found = new TreeMap<>();
    report
        .json()
        .path("findings")
        .forEach(finding -> {
          Set<Long> rows =
              found.computeIfAbsent(
                  finding.path("table").asText()
                      + "."
                      + finding.path("column").asText()
                      + " "
                      + finding.path("rule").asText(),
                  key -> new TreeSet<>());
          finding.path("rowids").forEach(row -> rows.add(row.asLong()));
        });
    assertThat(found).containsExactlyInAnyOrderEntriesOf(wanted);
    assertThat(report.outcome()).isEqualTo("refused");
    assertThat(f.dump()).isEqualTo(before);
  }

  @Test
  void everyRowThatDoesNotFitCanBeKeptAsideAsItIs() throws Exception {
    Predicate<Value> movable = value -> !value.rule().equals("target-type-not-supported");
    TransferFixture f = fixture(movable).policy("quarantine=rows");
    Set<String> wanted = new TreeSet<>();
    for (Table table : tables()) {
      f.target(
          "CREATE TABLE " + table.name() + " (id integer PRIMARY KEY, v " + table.type() + ")");
      table.values().stream()
          .filter(movable.and(value -> !value.rule().isEmpty()))
          .forEach(v -> wanted.add(table.name() + "|" + v.row() + "|" + v.rule()));
    }
    Set<String> stored = new TreeSet<>();
    for (String row : wanted) {
      String[] at = row.split("\\|");
      stored.add(at[0] + "|" + at[1] + "|" + f.stored(at[0], "v", at[1]));
    }

    Report report = f.run();

    assertThat(report.outcome()).as(problems(report)).isEqualTo("moved");
    assertThat(f.rows("SELECT table_name, row_id, rule FROM wharfinger.quarantine").split("\n"))
        .containsExactlyInAnyOrderElementsOf(wanted);
    assertThat(
            f.rows(
                    "SELECT table_name, row_id, storage || ' ' || coalesce(integer_value::text,"
                        + " encode(float8send(real_value), 'hex'), encode(bytes, 'hex'), '')"
                        + " FROM wharfinger.quarantine_cell WHERE column_name = 'v'")
                .split("\n"))
        .containsExactlyInAnyOrderElementsOf(stored);
  }

  @Test
  void everyValueArrivesInATableMadeForIt() throws Exception {
    Predicate<Value> derivable = value -> value.rule().isEmpty() && !value.derived().equals("!");
    TransferFixture f = fixture(derivable).deriving();

    Report report = f.run();

    assertThat(report.outcome()).as(problems(report)).isEqualTo("moved");
    SoftAssertions all = new SoftAssertions();
    for (Table table : tables()) {
      if (table.derivedType().isEmpty()) {
        continue;
      }
      StringBuilder wanted = new StringBuilder();
      table.good().stream()
          .filter(derivable)
          .forEach(v -> wanted.append('\n').append(v.row()).append('|').append(v.derived()));
      all.assertThat('\n' + f.rows("SELECT id, v::text FROM " + table.name() + " ORDER BY id"))
          .as(table.name())
          .isEqualTo(wanted.toString());
      all.assertThat(
              f.rows(
                  "SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attname = 'v'"
                      + " AND attrelid = '"
                      + table.name()
                      + "'::regclass"))
          .as(table.name())
          .isEqualTo(table.derivedType().replace("varchar", "character varying"));
    }
    all.assertAll();
  }

  /** How many values arrive exactly, and by which rule the others do. */
  private static Map<String, Long> counted(Table table) {
    Map<String, Long> counts = new TreeMap<>();
    table.good().forEach(value -> counts.merge(value.form(), 1L, Long::sum));
    long exact = counts.getOrDefault("exact", 0L);
    counts.put("all exact", exact);
    counts.put("all normalised", table.good().size() - exact);
    counts.put("all chosen", 0L);
    return counts;
  }

  private static Map<String, Long> counted(Report report, String table) {
    Map<String, Long> counts = new TreeMap<>();
    for (JsonNode one : report.json().path("tables")) {
      if (one.path("name").asText().equals(table)) {
        JsonNode column = one.at("/columns/1");
        column
            .path("rules")
            .properties()
            .forEach(rule -> counts.put(rule.getKey(), rule.getValue().asLong()));
        for (String grade : List.of("exact", "normalised", "chosen")) {
          counts.put("all " + grade, column.path(grade).asLong());
        }
      }
    }
    return counts;
  }

  private static String problems(Report report) {
    return report.message() + report.json().path("findings").toPrettyString();
  }

  private TransferFixture fixture(Predicate<Value> which) throws Exception {
    TransferFixture f = new TransferFixture(server, directory).target(TYPES);
    List<String> statements = new ArrayList<>();
    for (Table table : tables()) {
      statements.add(
          "CREATE TABLE " + table.name() + " (id integer PRIMARY KEY, v " + table.declared() + ")");
      table.values().stream()
          .filter(which)
          .forEach(v ->
              statements.add(
                  "INSERT INTO %s VALUES (%d, %s)".formatted(table.name(), v.row(), v.sql())));
    }
    return f.source(statements.toArray(String[]::new));
  }

  private static List<Table> tables() throws IOException {
    List<Table> tables = new ArrayList<>();
    String text;
    try (var file = TortureIT.class.getResourceAsStream("/torture/values.txt")) {
      text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
    }
    for (String line : text.split("\n", -1)) {
      if (line.startsWith("table ")) {
        String[] parts = line.substring(6).split("\\|", -1);
        tables.add(
            new Table(
                parts[0].strip(),
                parts[1].strip(),
                parts[2].strip(),
                parts[3].strip(),
                new ArrayList<>()));
      } else if (!line.isBlank() && !line.startsWith("#")) {
        List<Value> values = tables.getLast().values();
        values.add(value(values.size() + 1, line));
      }
    }
    return tables;
  }

  private static Value value(int row, String line) {
    if (line.contains(" !! ")) {
      String[] parts = line.split(" !! ", 2);
      return new Value(row, parts[0].strip(), "", "", "", parts[1].strip());
    }
    String[] parts = line.split(" =>( |$)", -1);
    String[] given = parts[0].split(" ~ ", 2);
    String form = given.length > 1 ? given[1].strip() : "exact";
    String arrives = parts[1];
    String derived = parts.length > 2 ? parts[2] : arrives;
    return new Value(row, given[0].strip(), form, arrives, derived, "");
  }
}
