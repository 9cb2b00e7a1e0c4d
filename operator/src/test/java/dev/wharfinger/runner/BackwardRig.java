package dev.wharfinger.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.runner.transfer.backward.Content;
import dev.wharfinger.testing.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;

/** One database, one file it is to be moved into, and the runner as processes that may die. */
final class BackwardRig {
  private static final String LOCK = ".app.db.wharfinger-lock";
  final Path directory;
  final Path target;
  final UUID operation;
  private final PostgresServer server;
  private final String database;
  private final String databaseBefore;
  private final List<String> bytesBefore;
  private final Map<String, List<String>> before;

  /** With the target as it is now; it may be missing. */
  BackwardRig(PostgresServer server, String database, Path directory) throws Exception {
    this.server = server;
    this.database = database;
    this.databaseBefore = server.dump(database);
    this.directory = directory;
    this.target = directory.resolve("data/app.db");
    this.operation = UUID.randomUUID();
    this.bytesBefore = FaultSource.hashes(target);
    this.before = content();
  }

  private BackwardRig(BackwardRig other, Path directory) {
    this.server = other.server;
    this.database = other.database;
    this.databaseBefore = other.databaseBefore;
    this.directory = directory;
    this.target = directory.resolve("data/app.db");
    this.operation = other.operation;
    this.bytesBefore = other.bytesBefore;
    this.before = other.before;
  }

  /** The same files once more, for another way on. */
  BackwardRig fork() throws Exception {
    BackwardRig fork = new BackwardRig(this, Files.createDirectory(directory.resolve("forked")));
    Path data = Files.createDirectory(fork.target.getParent());
    for (String name : files()) {
      Path file = target.resolveSibling(name);
      boolean second =
          !file.equals(target) && Files.exists(target) && Files.isSameFile(file, target);
      if (second) {
        Files.createLink(data.resolve(name), fork.target);
      } else {
        Files.copy(file, data.resolve(name));
      }
    }
    return fork;
  }

  List<String> transfer(String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "transfer",
                "--from",
                server.url(database),
                "--to",
                "sqlite:///" + target,
                // Of earlier runs in this process some may still be connected.
                "--allow-other-sessions",
                "--operation",
                operation.toString(),
                "--report",
                directory.resolve("report.json").toString()));
    args.addAll(List.of(more));
    return args;
  }

  List<String> abort() {
    return List.of(
        "transfer-abort", "--to", "sqlite:///" + target, "--operation", operation.toString());
  }

  /** Runs it as a process to its end, and gives the exit code. */
  int run(List<String> args, String... jvm) throws Exception {
    return FaultRig.start(directory, List.of(jvm), args).waitFor();
  }

  void dieAt(String failpoint, List<String> args) throws Exception {
    assertThat(run(args, "-Dwharfinger.failpoint=" + failpoint)).as(out()).isEqualTo(137);
  }

  String out() throws Exception {
    return Files.readString(directory.resolve("out"));
  }

  String report() throws Exception {
    return Files.readString(directory.resolve("report.json"));
  }

  String outcome() throws Exception {
    return new com.fasterxml.jackson.databind.ObjectMapper()
        .readTree(report())
        .path("outcome")
        .asText();
  }

  /** Names of the files beside the target, without the lock. */
  TreeSet<String> files() throws Exception {
    TreeSet<String> names = new TreeSet<>();
    try (var files = Files.list(target.getParent())) {
      files.map(file -> file.getFileName().toString()).forEach(names::add);
    }
    names.remove(LOCK);
    return names;
  }

  /** What is in the target, with its log. */
  Map<String, List<String>> content() throws Exception {
    return content(target);
  }

  /** Looks at a copy: the file itself may be locked until this process ends. */
  private Map<String, List<String>> content(Path file) throws Exception {
    if (!Files.exists(file)) {
      return Map.of();
    }
    Path looked = Files.createTempDirectory(directory, "look");
    return Content.of(FaultSource.copy(file, looked.resolve("copy.db")));
  }

  void assertDatabaseUntouched() throws Exception {
    assertThat(server.dump(database)).isEqualTo(databaseBefore);
  }

  /** The file is what it was, to the byte, with its log. */
  void assertUntouched() throws Exception {
    assertThat(FaultSource.hashes(target)).isEqualTo(bytesBefore);
    assertDatabaseUntouched();
  }

  /** The rows of the file are what they were; its log may have been written into it. */
  void assertOld() throws Exception {
    assertThat(content()).isEqualTo(before);
    assertDatabaseUntouched();
  }

  /** The new file is there, complete, and the old one under its other name. */
  void assertNew(Map<String, List<String>> moved) throws Exception {
    assertThat(content()).isEqualTo(moved);
    if (!before.isEmpty()) {
      assertThat(content(target.resolveSibling("app.db.before-" + operation))).isEqualTo(before);
    }
    assertDatabaseUntouched();
  }

  /** Runs the same operation again, which must end as {@code outcome} and leave nothing behind. */
  void again(String outcome, Map<String, List<String>> moved, String... more) throws Exception {
    assertThat(RunnerMain.run(transfer(more))).isZero();
    assertThat(outcome()).isEqualTo(outcome);
    assertNew(moved);
    assertThat(files())
        // A log and its index are SQLite's own.
        .allMatch(name -> name.matches("app\\.db(-wal|-shm|\\.before-" + operation + ")?"));
  }

  /** Aborts the operation, which never ends with a new file any more; nothing is left behind. */
  void abortedForGood(String... more) throws Exception {
    assertThat(RunnerMain.run(abort())).isZero();
    assertThat(files()).noneMatch(name -> name.contains(".before-") || name.contains(".partial"));
    assertThat(RunnerMain.run(transfer(more))).isEqualTo(ExitCode.FAILED);
    assertOld();
  }
}
