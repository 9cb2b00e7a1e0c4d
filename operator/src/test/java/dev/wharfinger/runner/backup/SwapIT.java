package dev.wharfinger.runner.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.runner.CommandLine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A set in the place of data that are there: they are kept, wherever it is killed. */
class SwapIT {
  private static final String KEPT = ".wharfinger-replaced-monday/";
  @TempDir private Path root;
  private BackupRig rig;

  /** A set of two databases and files; since then much was written, and a third was made. */
  @BeforeEach
  void data() throws Exception {
    rig = new BackupRig(root).database("app.db", 100).database("more/b.db", 50);
    Files.writeString(rig.data.resolve("key"), "old key");
    Files.createDirectories(rig.data.resolve("locked/deep"));
    Files.writeString(rig.data.resolve("locked/deep/file"), "deep");
    Files.setPosixFilePermissions(
        rig.data.resolve("locked/deep"), PosixFilePermissions.fromString("r-xr-x---"));
    rig.declare("--extra-path", "key").declare("--extra-path", "locked");
    // As a process: what it has open to its end would keep a swap out.
    assertThat(CommandLine.process(root, "none", rig.backupArgs("one"))).isZero();
    Files.writeString(rig.data.resolve("key"), "new key");
    Files.writeString(rig.data.resolve("other"), "other");
    rig.sql("app.db", "INSERT INTO t VALUES (1000, 'x')");
    rig.sql("third.db", "CREATE TABLE t (id integer)");
    logged();
  }

  /** A row that is in the log alone, as a killed application leaves it. */
  private void logged() throws Exception {
    Path file = rig.data.resolve("app.db");
    Path log = rig.data.resolve("app.db-wal");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("INSERT INTO t VALUES (1001, 'in the log')");
      Files.copy(file, root.resolve("file"));
      Files.copy(log, root.resolve("log"));
    }
    Files.move(root.resolve("file"), file, StandardCopyOption.REPLACE_EXISTING);
    Files.move(root.resolve("log"), log, StandardCopyOption.REPLACE_EXISTING);
    Files.deleteIfExists(rig.data.resolve("app.db-shm"));
  }

  private BackupRig.Run stage(String set, String task) throws Exception {
    return rig.restore(set, rig.data, "--stage", task);
  }

  private List<String> swap(String task) {
    return List.of(
        "swap",
        "--directory",
        rig.data.toString(),
        "--stage",
        task,
        "--database",
        "app.db",
        "--database",
        "more/b.db",
        "--database",
        "third.db");
  }

  private BackupRig.Run swapped(String task) throws Exception {
    Path report = root.resolve("swap.json");
    List<String> all = new ArrayList<>(swap(task));
    all.addAll(List.of("--report", report.toString()));
    int code = CommandLine.run(all);
    return new BackupRig.Run(
        code, new com.fasterxml.jackson.databind.ObjectMapper().readTree(report.toFile()));
  }

  private void whole() throws Exception {
    assertThat(BackupRig.names(rig.data))
        .contains(KEPT + "app.db-wal")
        .filteredOn(name -> !name.startsWith(KEPT) || !name.matches(".*-(wal|shm)"))
        .containsExactlyInAnyOrder(
            "app.db",
            "key",
            "locked/deep/file",
            "more/b.db",
            "other",
            KEPT + ".wharfinger-restored",
            KEPT + "app.db",
            KEPT + "key",
            KEPT + "locked/deep/file",
            KEPT + "more/b.db",
            KEPT + "third.db");
    assertThat(rig.data.resolve("key")).hasContent("old key");
    assertThat(rig.data.resolve(KEPT + "key")).hasContent("new key");
    assertThat(Files.getPosixFilePermissions(rig.data.resolve("locked/deep"))).hasSize(4);
    assertThat(count("app.db")).isEqualTo("100");
    assertThat(count("more/b.db")).isEqualTo("50");
  }

  private String count(String file) throws Exception {
    return BackupRig.query(rig.data.resolve(file), "SELECT count(*) FROM t");
  }

  @Test
  void T33_theSetTakesThePlaceAndWhatWasThereIsKeptWithItsLog() throws Exception {
    List<String> before = BackupRig.names(rig.data);
    assertThat(stage("one", "monday").report().path("outcome").asText()).isEqualTo("staged");
    assertThat(BackupRig.names(rig.data)).containsAll(before);
    assertThat(stage("one", "monday").report().path("outcome").asText())
        .isEqualTo("already-staged");

    BackupRig.Run run = swapped("monday");

    assertThat(run.code()).as("%s", run).isZero();
    assertThat(run.report().path("outcome").asText()).isEqualTo("restored");
    assertThat(run.report().path("set").path("totals").path("rows").asInt()).isEqualTo(150);
    whole();
    assertThat(count(KEPT + "app.db")).as("with the row that is in the log").isEqualTo("102");

    // What the application writes now stays, whoever says it again.
    rig.sql("app.db", "INSERT INTO t VALUES (2000, 'y')");
    assertThat(swapped("monday").report().path("outcome").asText()).isEqualTo("already-restored");
    assertThat(stage("one", "monday").report().path("outcome").asText())
        .isEqualTo("already-staged");
    assertThat(count("app.db")).isEqualTo("101");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "swap-begun",
        "swap-kept",
        "swap-linked",
        "swap-exchanged",
        "swap-placed",
        "swap-recorded"
      })
  void T27_whereverItIsKilledTheNextOneGoesOn(String failpoint) throws Exception {
    assertThat(stage("one", "monday").code()).isZero();
    for (int i = 0; i < 3; i++) {
      // Each time one more is done, until there is nothing left to die at.
      int code = CommandLine.process(root, failpoint, swap("monday"));
      assertThat(code).isIn(0, 137);
      if (i == 0) {
        assertThat(code).isEqualTo(137);
      }
    }
    if (Files.exists(rig.data.resolve(".wharfinger-new-monday/.wharfinger-restored"))
        && !Files.exists(rig.data.resolve(KEPT + ".wharfinger-restored"))) {
      // Half of it: nobody else may begin.
      assertThat(stage("one", "tuesday").reason()).isEqualTo("restore-unfinished");
    }

    BackupRig.Run run = swapped("monday");

    assertThat(run.code()).as("%s", run).isZero();
    whole();
  }

  @Test
  void T33_whatSomebodyMakesMeanwhileIsKeptToo() throws Exception {
    assertThat(stage("one", "monday").code()).isZero();
    assertThat(CommandLine.process(root, "swap-kept", swap("monday"))).isEqualTo(137);
    assertThat(CommandLine.process(root, "swap-kept", swap("monday"))).isEqualTo(137);
    assertThat(rig.data.resolve("app.db")).doesNotExist();
    Files.writeString(rig.data.resolve("app.db"), "made in between");

    assertThat(swapped("monday").code()).isZero();

    assertThat(count("app.db")).isEqualTo("100");
    assertThat(rig.data.resolve(KEPT + "app.db.1")).hasContent("made in between");
    assertThat(count(KEPT + "app.db")).isEqualTo("102");
  }

  @Test
  void T24_whileSomebodyHasADatabaseOpenNothingIsTouched() throws Exception {
    assertThat(stage("one", "monday").code()).isZero();
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + rig.data.resolve("app.db"));
        Statement statement = connection.createStatement()) {
      statement.executeQuery("SELECT count(*) FROM t").close();
      List<String> before = BackupRig.names(rig.data);
      // As a process: within one, locks keep nobody out.
      List<String> command = new ArrayList<>(swap("monday"));
      command.addAll(List.of("--result", root.resolve("words").toString()));
      assertThat(CommandLine.process(root, "none", command)).isEqualTo(1);
      assertThat(Files.readString(root.resolve("words")))
          .contains("database-in-use", "\"untouched\":true");
      assertThat(BackupRig.names(rig.data)).isEqualTo(before);
      statement.execute("INSERT INTO t VALUES (1002, 'acknowledged')");
    }

    assertThat(swapped("monday").code()).isZero();

    assertThat(count(KEPT + "app.db")).isEqualTo("103");
    assertThat(count("app.db")).isEqualTo("100");
  }

  @Test
  void T27_ofASwapThatWasBegunWhatIsLostIsToldApart() throws Exception {
    assertThat(stage("one", "monday").code()).isZero();
    assertThat(CommandLine.process(root, "swap-kept", swap("monday"))).isEqualTo(137);
    Staging.delete(rig.data.resolve(".wharfinger-new-monday"));

    BackupRig.Run run = swapped("monday");

    assertThat(run.reason()).isEqualTo("staged-lost");
    assertThat(run.report().path("untouched").asBoolean()).isFalse();
    assertThat(run.code()).isEqualTo(2);
    assertThat(rig.data.resolve(KEPT + "app.db-wal")).exists();
  }

  /** Else the old file would stay beside the others of the set, as if it were one of them. */
  @ParameterizedTest
  @ValueSource(strings = {"more/b.db", "key"})
  void T33_ofASetThatHasLostAFileSinceItWasStagedNothingIsPlaced(String lost) throws Exception {
    assertThat(stage("one", "monday").code()).isZero();
    Files.delete(rig.data.resolve(".wharfinger-new-monday/files").resolve(lost));
    List<String> before = BackupRig.names(rig.data);

    BackupRig.Run run = swapped("monday");

    assertThat(run.reason()).isEqualTo("nothing-staged");
    assertThat(run.report().path("untouched").asBoolean()).isTrue();
    assertThat(BackupRig.names(rig.data)).isEqualTo(before);
  }

  @Test
  void aFolderInWhichNoSecondNameCanBeMadeIsFoundBeforeAnythingIsTouched() throws Exception {
    // Something that is in the way of the trial, in one of the folders.
    Path inTheWay = rig.data.resolve("more/.wharfinger-trial-monday");
    Files.createDirectories(inTheWay.resolve("deep"));
    assertThat(stage("one", "monday").reason()).isEqualTo("no-hard-links");
    assertThat(swapped("monday").reason()).isEqualTo("nothing-staged");
    Files.delete(inTheWay.resolve("deep"));
    assertThat(stage("one", "monday").code()).isZero();
    assertThat(inTheWay).doesNotExist();

    Files.createDirectories(inTheWay.resolve("deep"));
    assertThat(swapped("monday").reason()).isEqualTo("no-hard-links");
    assertThat(rig.data.resolve(KEPT)).doesNotExist();
    Files.delete(inTheWay.resolve("deep"));
    assertThat(swapped("monday").code()).isZero();
    whole();
  }

  @Test
  void aDatabaseThatIsSpoiledIsMovedAwayAsItIs() throws Exception {
    Files.delete(rig.data.resolve("app.db-wal"));
    Files.writeString(rig.data.resolve("app.db"), "no database any more");
    assertThat(stage("one", "monday").code()).isZero();

    assertThat(swapped("monday").code()).isZero();

    assertThat(rig.data.resolve(KEPT + "app.db")).hasContent("no database any more");
    assertThat(count("app.db")).isEqualTo("100");
  }

  @Test
  void aSwapOfNothingIsRefusedAndOfADamagedSetNothingIsStaged() throws Exception {
    assertThat(swapped("monday").reason()).isEqualTo("nothing-staged");
    Path object = rig.set("one").resolve("databases");
    try (var files = Files.walk(rig.set("one"))) {
      object =
          files
              .filter(Files::isRegularFile)
              .filter(f -> f.getFileName().toString().startsWith("database-"))
              .findFirst()
              .orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(object);
    bytes[bytes.length / 2] ^= 1;
    object.toFile().setWritable(true);
    Files.write(object, bytes);
    List<String> before = BackupRig.names(rig.data);

    assertThat(stage("one", "monday").reason()).isEqualTo("set-damaged");

    assertThat(BackupRig.names(rig.data)).isEqualTo(before);
    assertThat(swapped("monday").reason()).isEqualTo("nothing-staged");
  }

  @Test
  void theNextSetHasNeitherFolderAndTheNextRestoreRemovesWhatNobodySwapped() throws Exception {
    assertThat(stage("one", "tuesday").code()).isZero();
    assertThat(stage("one", "monday").code()).isZero();
    assertThat(rig.data.resolve(".wharfinger-new-tuesday")).doesNotExist();
    assertThat(swapped("monday").code()).isZero();
    Files.delete(rig.data.resolve("other"));

    rig.completed("two", "--extra-path", ".");

    Path restored = rig.restored("two");
    assertThat(BackupRig.names(restored))
        .containsExactly("app.db", "key", "locked/deep/file", "more/b.db");
    assertThat(rig.verify("two").warnings()).isEmpty();
  }
}
