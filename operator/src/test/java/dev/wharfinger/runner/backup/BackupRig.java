package dev.wharfinger.runner.backup;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wharfinger.runner.CommandLine;
import dev.wharfinger.testing.S3Server;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A directory with an application's files, a target, and the commands. */
final class BackupRig {
  final Path root;
  final Path data;
  final Path target;
  private final List<String> declared = new ArrayList<>();
  private final String url;
  private final List<String> reach;
  private int reports;

  BackupRig(Path root) throws Exception {
    this(root, Files.createDirectory(root.resolve("target")));
  }

  BackupRig(Path root, Path target) throws Exception {
    this(root, target, "file://" + target, List.of());
  }

  /** A bucket of a server, whose objects are files here; reached with these keys. */
  static BackupRig bucket(Path root, S3Server server, String name) throws Exception {
    return bucket(root, server, name, server.endpoint());
  }

  /** The same, by another way. */
  static BackupRig bucket(Path root, S3Server server, String name, String endpoint)
      throws Exception {
    String keys = S3Server.write(root.resolve("admin"), S3Server.ADMIN).toString();
    return new BackupRig(
        root,
        server.bucket(name),
        "s3://" + name,
        List.of("--endpoint", endpoint, "--credentials-dir", keys, "--part-size", "5"));
  }

  private BackupRig(Path root, Path target, String url, List<String> reach) throws Exception {
    this.root = root;
    this.url = url;
    this.reach = reach;
    this.data = Files.createDirectory(root.resolve("data"));
    this.target = target;
  }

  /** A database in WAL mode with {@code rows} rows in table {@code t}, declared. */
  BackupRig database(String name, int rows) throws Exception {
    Files.createDirectories(data.resolve(name).getParent());
    sql(
        name,
        "PRAGMA journal_mode=WAL",
        "CREATE TABLE t (id integer PRIMARY KEY, body text)",
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < "
            + rows
            + ") INSERT INTO t SELECT i, hex(randomblob(40)) FROM n");
    return declare("--database", name);
  }

  BackupRig declare(String option, String name) {
    declared.addAll(List.of(option, name));
    return this;
  }

  void sql(String name, String... statements) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + data.resolve(name));
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  static String query(Path file, String sql) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      return rows.next() ? String.valueOf(rows.getString(1)) : "";
    }
  }

  /** What happened. */
  record Run(int code, JsonNode report) {
    String reason() {
      return report.path("reason").asText();
    }

    List<String> warnings() {
      List<String> all = new ArrayList<>();
      report.path("warnings").forEach(one -> all.add(one.path("code").asText()));
      return all;
    }

    String warning(String code) {
      for (JsonNode one : report.path("warnings")) {
        if (one.path("code").asText().equals(code)) {
          return one.path("detail").asText();
        }
      }
      return "";
    }
  }

  Run run(List<String> args) throws Exception {
    Path report = root.resolve("report-" + reports++ + ".json");
    List<String> all = reaching(args);
    all.addAll(List.of("--report", report.toString()));
    int code = CommandLine.run(all);
    return new Run(
        code,
        Files.exists(report)
            ? new ObjectMapper().readTree(report.toFile())
            : new ObjectMapper().createObjectNode());
  }

  String url() {
    return url;
  }

  /** With what it takes to reach the target, which the arguments may say otherwise. */
  List<String> reaching(List<String> args) {
    List<String> all = new ArrayList<>(args);
    all.addAll(1, reach);
    return all;
  }

  List<String> backupArgs(String id, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "backup",
                "--directory",
                data.toString(),
                "--to",
                url(),
                "--instance",
                "team-a.notes",
                "--id",
                id,
                "--scratch",
                root.resolve("scratch").toString()));
    args.addAll(declared);
    args.addAll(Arrays.asList(more));
    return args;
  }

  Run backup(String id, String... more) throws Exception {
    return run(backupArgs(id, more));
  }

  /** A backup of a PostgreSQL database. */
  Run dump(String url, String id, String... more) throws Exception {
    List<String> args =
        new ArrayList<>(
            List.of(
                "backup", "--from", url, "--to", url(), "--instance", "team-a.notes", "--id", id));
    args.addAll(Arrays.asList(more));
    return run(args);
  }

  /** Restores into a PostgreSQL database. */
  Run load(String id, String url, String... more) throws Exception {
    List<String> args =
        new ArrayList<>(List.of("restore", "--from", url(), "--set", id, "--to", url));
    args.addAll(Arrays.asList(more));
    return run(args);
  }

  /** A backup that must be made. */
  Run completed(String id, String... more) throws Exception {
    Run run = backup(id, more);
    assertThat(run.report().path("outcome").asText()).as("%s", run).isEqualTo("completed");
    assertThat(run.code()).isZero();
    return run;
  }

  Run restore(String id, Path directory, String... more) throws Exception {
    List<String> args =
        new ArrayList<>(
            List.of("restore", "--from", url(), "--set", id, "--directory", directory.toString()));
    args.addAll(Arrays.asList(more));
    return run(args);
  }

  /** A restore that must succeed; gives the directory. */
  Path restored(String id, String... more) throws Exception {
    Path directory = root.resolve("restored-" + id);
    Run run = restore(id, directory, more);
    assertThat(run.code()).as("%s", run).isZero();
    return directory;
  }

  Run verify(String id, String... more) throws Exception {
    List<String> args = new ArrayList<>(List.of("verify", "--from", url(), "--set", id));
    args.addAll(Arrays.asList(more));
    return run(args);
  }

  List<String> deleteArgs(String id) {
    return List.of("delete", "--from", url(), "--set", id, "--instance", "team-a.notes");
  }

  Run delete(String id) throws Exception {
    return run(deleteArgs(id));
  }

  /** States of all sets. */
  TreeMap<String, String> states() throws Exception {
    Run run = run(List.of("list", "--from", url()));
    assertThat(run.code()).isZero();
    TreeMap<String, String> states = new TreeMap<>();
    run.report()
        .path("sets")
        .forEach(set -> states.put(set.path("id").asText(), set.path("state").asText()));
    return states;
  }

  Path set(String id) {
    return target.resolve("sets").resolve(id);
  }

  /** Names of files below a directory, hidden ones too. */
  static List<String> names(Path directory) throws Exception {
    if (!Files.exists(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> directory.relativize(file).toString())
          .sorted()
          .toList();
    }
  }
}
