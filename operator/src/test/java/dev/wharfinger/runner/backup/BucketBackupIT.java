package dev.wharfinger.runner.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.runner.CommandLine;
import dev.wharfinger.runner.backup.store.s3.S3Settings;
import dev.wharfinger.testing.FaultyLine;
import dev.wharfinger.testing.S3Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sets in a bucket of a real server, made, listed, verified and restored by the commands. */
class BucketBackupIT {
  private static final AtomicInteger BUCKETS = new AtomicInteger();
  private static S3Server server;
  @TempDir private Path root;

  @BeforeAll
  static void start() throws Exception {
    server = S3Server.start();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  private BackupRig rig() throws Exception {
    return rig(server.endpoint());
  }

  private BackupRig rig(String endpoint) throws Exception {
    BackupRig rig =
        BackupRig.bucket(root, server, "sets-" + BUCKETS.incrementAndGet(), endpoint)
            .database("app.db", 300);
    Files.writeString(rig.data.resolve("key"), "key");
    return rig.declare("--extra-path", "key");
  }

  private static byte[] random(int length) {
    byte[] content = new byte[length];
    new Random(length).nextBytes(content);
    return content;
  }

  @Test
  void PIP_18_aSetInABucketIsListedVerifiedAndRestored() throws Exception {
    BackupRig rig = rig();
    byte[] large = random(2 * S3Settings.LEAST_PART);
    Files.write(rig.data.resolve("large"), large);
    rig.declare("--extra-path", "large");

    BackupRig.Run first = rig.completed("one");
    rig.completed("two");

    assertThat(first.warnings()).isEmpty();
    assertThat(first.report().path("message").asText())
        .contains(rig.url(), server.endpoint())
        .doesNotContain(S3Server.ADMIN.secret());
    assertThat(rig.states()).isEqualTo(Map.of("one", "Completed", "two", "Completed"));
    assertThat(rig.verify("one").code()).isZero();
    assertThat(rig.verify("two", "--scratch", root.resolve("try").toString()).code()).isZero();
    Path restored = rig.restored("one");
    assertThat(BackupRig.query(restored.resolve("app.db"), "SELECT count(*) FROM t"))
        .isEqualTo("300");
    assertThat(restored.resolve("key")).hasContent("key");
    assertThat(restored.resolve("large")).hasBinaryContent(large);
    assertThat(rig.backup("one").report().path("outcome").asText()).isEqualTo("already-completed");
  }

  @Test
  void anotherInstanceCannotWriteThere() throws Exception {
    BackupRig rig = rig();
    rig.completed("one");
    List<String> before = BackupRig.names(rig.target);

    assertThat(rig.backup("two", "--instance", "team-b.other").reason())
        .isEqualTo("lineage-conflict");

    assertThat(BackupRig.names(rig.target)).isEqualTo(before);
    assertThat(rig.backup("two", "--instance", "team-b.other", "--prefix", "team-b/other").code())
        .isZero();
  }

  @Test
  void T33_aBucketThatWasEmptiedHasNoSets() throws Exception {
    BackupRig rig = rig();
    rig.completed("one");
    for (String name : BackupRig.names(rig.target)) {
      Files.delete(rig.target.resolve(name));
    }

    assertThat(rig.states()).isEmpty();
    assertThat(rig.verify("one").reason()).isEqualTo("set-missing");
    assertThat(rig.restore("one", root.resolve("new")).reason()).isEqualTo("set-missing");
    rig.completed("two");
  }

  @ParameterizedTest
  @ValueSource(strings = {"object-written", "object-stored-1", "before-manifest"})
  void T27_aBackupThatIsKilledIsNoSetAndTheNextOneIs(String failpoint) throws Exception {
    BackupRig rig = rig();

    assertThat(CommandLine.process(root, failpoint, rig.reaching(rig.backupArgs("one"))))
        .as(Files.readString(root.resolve("out")))
        .isEqualTo(137);

    assertThat(rig.states().values()).isSubsetOf("Unfinished", "manifest-missing");
    assertThat(rig.restore("one", root.resolve("new")).code()).isEqualTo(2);
    rig.completed("two");
    rig.restored("two");
  }

  @Test
  void T27_whoeverAskedForASetTakesOverWhatLacksItsManifest() throws Exception {
    BackupRig rig = rig().declare("--owner", "uid-1");
    assertThat(CommandLine.process(root, "before-manifest", rig.reaching(rig.backupArgs("one"))))
        .isEqualTo(137);

    assertThat(rig.backup("one", "--replace-unfinished", "--owner", "uid-2").reason())
        .isEqualTo("id-in-use");
    rig.completed("one", "--replace-unfinished");
    rig.restored("one");
  }

  @Test
  void T27_aBackupThatIsKilledAfterItsManifestIsASet() throws Exception {
    BackupRig rig = rig();

    assertThat(CommandLine.process(root, "after-manifest", rig.reaching(rig.backupArgs("one"))))
        .isEqualTo(137);

    assertThat(rig.states()).containsEntry("one", "Completed");
    rig.restored("one");
  }

  /** The first reading of a database's object gives less than there is, and calls it all. */
  private static FaultyLine.Fate lie(FaultyLine.Request request) {
    return request.is("GET", "/database-1")
        ? new FaultyLine.Cut(100, true)
        : new FaultyLine.Passed();
  }

  @ParameterizedTest
  @ValueSource(strings = {"deletion-marked", "manifest-deleted", "object-deleted-2"})
  void T27_aDeletionThatIsKilledLeavesAWholeSetOrNoneAndIsGoneOnWith(String failpoint)
      throws Exception {
    BackupRig rig = rig();
    rig.completed("one");
    rig.completed("two");

    assertThat(CommandLine.process(root, failpoint, rig.reaching(rig.deleteArgs("one"))))
        .as(Files.readString(root.resolve("out")))
        .isEqualTo(137);

    assertThat(rig.states()).isEqualTo(Map.of("one", "Deleting", "two", "Completed"));
    assertThat(rig.restore("one", root.resolve("of-one")).code())
        .isEqualTo(failpoint.equals("deletion-marked") ? 0 : 2);
    assertThat(rig.delete("one").code()).isZero();
    assertThat(rig.states()).isEqualTo(Map.of("two", "Completed"));
    rig.restored("two");
  }

  @Test
  void T33_aStoreThatGivesLessThanItGotIsNotBelieved() throws Exception {
    try (FaultyLine line = new FaultyLine(server.port(), BucketBackupIT::lie)) {
      BackupRig lied = rig(line.endpoint());

      BackupRig.Run run = lied.backup("one");

      assertThat(run.reason()).as("%s", run).isEqualTo("target-alters");
      assertThat(run.code()).isEqualTo(1);
      assertThat(BackupRig.names(lied.target)).containsExactly("lineage.json");
    }
  }

  @Test
  void T33_aSetThatComesCutIsDamaged() throws Exception {
    try (FaultyLine line = new FaultyLine(server.port(), BucketBackupIT::lie)) {
      BackupRig rig = rig();
      rig.completed("one");

      BackupRig.Run run = rig.verify("one", "--endpoint", line.endpoint());

      assertThat(run.reason()).as("%s", run).isEqualTo("set-damaged");
      assertThat(run.code()).isEqualTo(2);
      assertThat(rig.verify("one").code()).isZero();
    }
  }

  @Test
  void aStoreThatDoesNotKnowTheConditionIsAWarning() throws Exception {
    try (FaultyLine line =
        new FaultyLine(
            server.port(),
            request -> {
              if (request.is("PUT", "/probe/")) {
                forget(request.target());
              }
              return new FaultyLine.Passed();
            })) {
      BackupRig rig = rig(line.endpoint());

      BackupRig.Run run = rig.completed("one");

      assertThat(run.warnings()).containsExactly("target-not-exclusive");
      rig.restored("one");
    }
  }

  private static void forget(String target) {
    try {
      Files.deleteIfExists(server.data().resolve(target.substring(1).replaceFirst("\\?.*", "")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void T27_aLargeSetNeedsNoMoreMemoryThanASmallOne() throws Exception {
    BackupRig rig = rig();
    Path large = rig.data.resolve("large");
    byte[] piece = random(1 << 20);
    try (var out = Files.newOutputStream(large)) {
      for (int i = 0; i < 112; i++) {
        // Not to be compressed away.
        piece[i]++;
        out.write(piece);
      }
    }
    rig.declare("--extra-path", "large");
    List<String> little = List.of("-Xmx80m");

    assertThat(
            CommandLine.process(
                root, little, Map.of(), rig.reaching(rig.backupArgs("one", "--part-size", "16"))))
        .as(Files.readString(root.resolve("out")))
        .isZero();
    Path directory = root.resolve("new");
    assertThat(
            CommandLine.process(
                root,
                little,
                Map.of(),
                rig.reaching(
                    List.of(
                        "restore",
                        "--from",
                        rig.url(),
                        "--set",
                        "one",
                        "--directory",
                        directory.toString()))))
        .as(Files.readString(root.resolve("out")))
        .isZero();
    assertThat(Files.mismatch(directory.resolve("large"), large)).isEqualTo(-1);
  }
}
