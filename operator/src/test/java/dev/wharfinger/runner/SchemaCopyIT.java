package dev.wharfinger.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The copy of a SQLite file that is made before its schema changes. */
class SchemaCopyIT {
  private static final String NAME = "app.db.before-schema-1";
  @TempDir Path directory;
  private SchemaRig rig;
  private Path copy;

  @BeforeEach
  void aFileOfVersionOne() throws Exception {
    rig =
        SchemaRig.onSqlite(directory)
            .file("V1__note.sql", "CREATE TABLE note (id integer PRIMARY KEY, text text);");
    copy = directory.resolve(NAME);
    assertThat(migrate()).returns("", SchemaRig.Said::copy);
    assertThat(copy).doesNotExist();
    rig.run("INSERT INTO note VALUES (1, 'before')");
    Files.setPosixFilePermissions(rig.database(), PosixFilePermissions.fromString("rw-rw----"));
  }

  private SchemaRig.Said migrate() throws Exception {
    return rig.migrate("--copy-to", copy.toString());
  }

  @Test
  void CLB_04_theDataOfBeforeIsKeptOnlyWhereSomethingChanges() throws Exception {
    assertThat(migrate()).returns("", SchemaRig.Said::copy);
    assertThat(copy).doesNotExist();

    rig.file("V2__text.sql", "UPDATE note SET text = 'after';");
    // The application has the file open, with rows in the log alone.
    try (Connection application = DriverManager.getConnection("jdbc:sqlite:" + rig.database());
        var statement = application.createStatement()) {
      statement.execute("INSERT INTO note VALUES (2, 'also before')");
      assertThat(migrate()).returns(NAME, SchemaRig.Said::copy);
    }

    assertThat(SchemaRig.ask(copy, "SELECT group_concat(text) FROM note"))
        .isEqualTo("before,also before");
    assertThat(SchemaRig.ask(copy, "PRAGMA integrity_check")).isEqualTo("ok");
    assertThat(SchemaRig.ask(copy, "PRAGMA journal_mode")).isEqualTo("delete");
    assertThat(Files.getPosixFilePermissions(copy))
        .isEqualTo(PosixFilePermissions.fromString("rw-rw----"));
    assertThat(rig.ask("SELECT group_concat(text) FROM note")).isEqualTo("after,after");
    assertThat(files()).noneMatch(name -> name.contains("partial"));
  }

  @Test
  void CLB_25_aFailureNamesTheCopy() throws Exception {
    rig.file("V2__gone.sql", "DROP TABLE note;").file("V3__bad.sql", "SELECT nothing;");

    assertThat(migrate())
        .returns(ExitCode.REFUSED, SchemaRig.Said::exit)
        .returns(NAME, SchemaRig.Said::copy)
        .returns("2", SchemaRig.Said::revision);
    assertThat(SchemaRig.ask(copy, "SELECT text FROM note")).isEqualTo("before");

    // Another try of the same Job keeps the data of before the first one.
    assertThat(migrate()).returns(NAME, SchemaRig.Said::copy);
    assertThat(SchemaRig.ask(copy, "SELECT text FROM note")).isEqualTo("before");
  }

  @Test
  void CLB_04_theNewestFiveAreKeptAndNothingThatIsNamedOtherwise() throws Exception {
    List<String> strangers = new ArrayList<>();
    for (String stranger :
        List.of(
            "app.db.before-schema-1",
            copyName(0) + ".mine",
            "other.db.before-schema-" + uid(0),
            "app.db.before-restore-" + uid(0),
            copyName(20) + "-wal")) {
      strangers.add(Files.writeString(directory.resolve(stranger), "x").getFileName().toString());
    }
    // Older than all, and somebody works with it.
    Files.setLastModifiedTime(old(20), FileTime.fromMillis(0));
    Files.createDirectory(directory.resolve(copyName(21)));
    for (int i = 1; i <= 7; i++) {
      Files.setLastModifiedTime(old(i), FileTime.fromMillis(1000 * i));
    }
    copy = directory.resolve(copyName(8));

    // A failure deletes nothing, nor does a run that changes nothing.
    rig.file("V2__bad.sql", "SELECT nothing;");
    assertThat(migrate()).returns(ExitCode.REFUSED, SchemaRig.Said::exit);
    assertThat(copies()).contains(copyName(1), copyName(7), copyName(8));
    rig.remove("V2__bad.sql");
    assertThat(migrate()).returns(ExitCode.DONE, SchemaRig.Said::exit);
    assertThat(copies()).contains(copyName(1), copyName(7), copyName(8));

    Files.setLastModifiedTime(copy, FileTime.fromMillis(8000));
    copy = directory.resolve(copyName(9));
    rig.file("V2__text.sql", "UPDATE note SET text = 'after';");
    assertThat(migrate()).returns(copyName(9), SchemaRig.Said::copy);

    assertThat(copies())
        .containsExactly(
            copyName(5),
            copyName(6),
            copyName(7),
            copyName(8),
            copyName(9),
            copyName(20),
            copyName(21));
    assertThat(files()).containsAll(strangers);
    assertThat(SchemaRig.ask(copy, "SELECT text FROM note")).isEqualTo("before");
    // That of the failure before it too.
    assertThat(SchemaRig.ask(directory.resolve(copyName(8)), "SELECT text FROM note"))
        .isEqualTo("before");
  }

  @Test
  void CLB_04_copiesOfTriesThatFailedDoNotPushOutTheOneOfBefore() throws Exception {
    Files.writeString(old(1), "before the first migration");
    for (int i = 2; i <= 7; i++) {
      Files.writeString(old(i), "after it, and before the second, which failed");
    }
    for (int i = 1; i <= 7; i++) {
      Files.setLastModifiedTime(directory.resolve(copyName(i)), FileTime.fromMillis(1000 * i));
    }
    copy = directory.resolve(copyName(8));
    rig.file("V2__text.sql", "UPDATE note SET text = 'after';");

    assertThat(migrate()).returns(copyName(8), SchemaRig.Said::copy);

    assertThat(copies())
        .containsExactly(copyName(1), copyName(5), copyName(6), copyName(7), copyName(8));
  }

  /** With a tool that is not ours between the copy and what is deleted for it. */
  @Test
  void CLB_04_theOldestGoWhenTheApplicationsOwnToolIsDone() throws Exception {
    for (int i = 1; i <= 7; i++) {
      Files.setLastModifiedTime(old(i), FileTime.fromMillis(1000 * i));
    }
    String newest = directory.resolve(copyName(8)).toString();
    read("--prune-copies", newest);
    assertThat(copies()).as("nothing was copied").hasSize(7);

    read("--copy-to", newest);
    assertThat(copies()).hasSize(8);
    rig.run("UPDATE note SET text = 'after'");
    // Another try of the same Job.
    read("--copy-to", newest);
    assertThat(SchemaRig.ask(directory.resolve(copyName(8)), "SELECT text FROM note"))
        .isEqualTo("before");
    read("--prune-copies", newest);
    assertThat(copies())
        .containsExactly(copyName(4), copyName(5), copyName(6), copyName(7), copyName(8));
  }

  private void read(String option, String copy) throws Exception {
    List<String> arguments = List.of("--to", rig.url(), option, copy);
    assertThat(
            new SchemaRevision(Map.of())
                .run(Options.parse(arguments, SchemaRevision.VALUED, Set.of())))
        .isEqualTo(ExitCode.DONE);
  }

  /** Whatever the clocks of two nodes say. */
  @Test
  void theCopyOfThisRunIsNotDeletedThoughAllOthersLookNewer() throws Exception {
    for (int i = 1; i <= 7; i++) {
      Files.setLastModifiedTime(old(i), FileTime.from(Instant.now().plus(Duration.ofDays(i))));
    }
    copy = directory.resolve(copyName(8));
    rig.file("V2__text.sql", "UPDATE note SET text = 'after';");
    assertThat(migrate()).returns(copyName(8), SchemaRig.Said::copy);

    assertThat(copies())
        .containsExactly(copyName(4), copyName(5), copyName(6), copyName(7), copyName(8));
  }

  @Test
  void T29_aRunThatIsKilledWhileItDeletesLeavesWholeCopiesAndTheNextGoesOn() throws Exception {
    for (int i = 1; i <= 7; i++) {
      Files.setLastModifiedTime(old(i), FileTime.fromMillis(1000 * i));
    }
    copy = directory.resolve(copyName(8));
    rig.file("V2__text.sql", "UPDATE note SET text = 'after';");
    List<String> arguments = new ArrayList<>(List.of("migrate-schema"));
    arguments.addAll(rig.arguments("--copy-to", copy.toString()));
    Process process =
        FaultRig.start(directory, List.of("-Dwharfinger.failpoint=schema-copy-pruned"), arguments);
    assertThat(process.waitFor()).as(Files.readString(directory.resolve("out"))).isEqualTo(137);

    assertThat(rig.ask("SELECT text FROM note")).isEqualTo("after");
    assertThat(copies()).hasSize(7).doesNotContain(copyName(1)).contains(copyName(8));
    assertThat(SchemaRig.ask(copy, "SELECT text FROM note")).isEqualTo("before");

    // Another try of the same Job has nothing to do; the next change brings it in order.
    assertThat(migrate()).returns(ExitCode.DONE, SchemaRig.Said::exit);
    Files.setLastModifiedTime(copy, FileTime.fromMillis(8000));
    copy = directory.resolve(copyName(9));
    rig.file("V3__text.sql", "UPDATE note SET text = 'later';");
    assertThat(migrate()).returns(copyName(9), SchemaRig.Said::copy);
    assertThat(copies())
        .containsExactly(copyName(5), copyName(6), copyName(7), copyName(8), copyName(9));
  }

  private static String uid(int number) {
    return "8d0c1f6e-0000-4000-8000-%012d".formatted(number);
  }

  private static String copyName(int number) {
    return "app.db.before-schema-" + uid(number);
  }

  private Path old(int number) throws Exception {
    return Files.writeString(directory.resolve(copyName(number)), "a copy");
  }

  private List<String> copies() throws Exception {
    return files().stream()
        .filter(name -> name.matches("app[.]db[.]before-schema-[0-9a-f]{8}-.{27}"))
        .sorted()
        .toList();
  }

  @Test
  void OXY_29_aFileThatIsGoneIsNotMadeAnew() throws Exception {
    Files.delete(rig.database());

    assertThat(migrate())
        .returns(ExitCode.REFUSED, SchemaRig.Said::exit)
        .returns("file-missing", SchemaRig.Said::code);
    assertThat(rig.database()).doesNotExist();
  }

  @Test
  void aCopyOfADamagedFileIsNoCopy() throws Exception {
    rig.run("PRAGMA journal_mode=DELETE");
    rig.run(
        "CREATE TABLE big AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n"
            + " WHERE i < 5000) SELECT i, hex(randomblob(20)) AS h FROM n");
    byte[] bytes = Files.readAllBytes(rig.database());
    java.util.Arrays.fill(bytes, 4096 * 5, 4096 * 5 + 200, (byte) 0x5a);
    Files.write(rig.database(), bytes);
    rig.file("V2__text.sql", "UPDATE note SET text = 'after';");

    assertThat(migrate())
        .returns(ExitCode.REFUSED, SchemaRig.Said::exit)
        .returns("copy-damaged", SchemaRig.Said::code);
    assertThat(copy).doesNotExist();
    assertThat(rig.ask("SELECT text FROM note")).isEqualTo("before");
  }

  @ParameterizedTest
  @CsvSource({
    "during-schema-copy, false, before",
    "schema-copy-made, false, before",
    "schema-copy-named, true, before",
    "before-schema-migration, true, before",
    "after-schema-migration, true, after"
  })
  void T29_aKilledRunLeavesACopyOrNoneAndIsFinishedByTheNext(
      String failpoint, boolean copied, String text) throws Exception {
    rig.file("V2__text.sql", "UPDATE note SET text = 'after';");
    List<String> arguments = new ArrayList<>(List.of("migrate-schema"));
    arguments.addAll(rig.arguments("--copy-to", copy.toString()));
    Process process =
        FaultRig.start(directory, List.of("-Dwharfinger.failpoint=" + failpoint), arguments);
    assertThat(process.waitFor()).as(Files.readString(directory.resolve("out"))).isEqualTo(137);

    assertThat(Files.exists(copy)).isEqualTo(copied);
    assertThat(rig.ask("SELECT text FROM note")).isEqualTo(text);

    assertThat(migrate().exit()).isZero();
    assertThat(rig.ask("SELECT text FROM note")).isEqualTo("after");
    assertThat(SchemaRig.ask(copy, "SELECT text FROM note")).isEqualTo("before");
    assertThat(files()).noneMatch(name -> name.contains("partial"));
  }

  private List<String> files() throws Exception {
    try (var files = Files.list(directory)) {
      return files.map(f -> f.getFileName().toString()).toList();
    }
  }
}
