package dev.wharfinger.runner.backup;

import static org.assertj.core.api.Assertions.assertThat;

import com.exceptionfactory.jagged.x25519.X25519KeyPairGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wharfinger.runner.RunnerMain;
import dev.wharfinger.runner.backup.seal.Identities;
import dev.wharfinger.runner.backup.sqlite.RestoredFiles;
import dev.wharfinger.runner.backup.store.FolderStore;
import dev.wharfinger.testing.Repository;
import dev.wharfinger.testing.S3Server;
import dev.wharfinger.testing.Yaml;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sets restored for a try: a good one is proven, and none other. */
class DrillIT {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  @TempDir private Path root;

  private static BackupRig filled(BackupRig rig) throws Exception {
    rig.database("app.db", 300).database("queue/jobs.db", 20);
    Files.writeString(rig.data.resolve("side"), "side file");
    return rig.declare("--extra-path", "side");
  }

  private BackupRig.Run drill(BackupRig rig, String... more) throws Exception {
    List<String> args =
        new ArrayList<>(List.of("drill", "--from", rig.url(), "--scratch", scratch().toString()));
    args.addAll(Arrays.asList(more));
    return rig.run(args);
  }

  private Path scratch() {
    return root.resolve("try");
  }

  /** Every file of a directory with a hash of what it holds. */
  private static Map<String, String> content(Path directory) throws Exception {
    Map<String, String> all = new TreeMap<>();
    for (String name : BackupRig.names(directory)) {
      all.put(name, Digests.of(Files.readAllBytes(directory.resolve(name))));
    }
    return all;
  }

  private static void assertProven(BackupRig.Run run) {
    assertThat(run.code()).as("%s", run).isZero();
    assertThat(run.report().path("outcome").asText()).isEqualTo("proven");
  }

  private void assertNotProven(BackupRig.Run run, String what, String reason) throws Exception {
    assertThat(run.code()).as("%s: %s", what, run).isEqualTo(2);
    assertThat(run.report().path("outcome").asText()).isEqualTo("refused");
    assertThat(run.reason()).as(what).isEqualTo(reason);
    assertThat(run.report().has("drill")).isFalse();
    assertThat(BackupRig.names(scratch())).as(what).isEmpty();
  }

  @Test
  void T33_theNewestSetIsProvenAndNothingOfItChangesOrIsLeft() throws Exception {
    BackupRig rig = filled(new BackupRig(root));
    Path kept = Files.createDirectory(rig.data.resolve("kept"));
    Files.writeString(kept.resolve("read-only"), "kept");
    Files.setPosixFilePermissions(
        kept.resolve("read-only"), PosixFilePermissions.fromString("r--------"));
    Files.setPosixFilePermissions(kept, PosixFilePermissions.fromString("r-x------"));
    rig.declare("--extra-path", "kept");
    rig.completed("one");
    rig.sql("app.db", "INSERT INTO t (body) VALUES ('newer')");
    rig.completed("two");
    Map<String, String> before = content(rig.target);
    Path result = root.resolve("result.json");

    BackupRig.Run run = drill(rig, "--result", result.toString());

    assertProven(run);
    assertThat(run.report().path("set").path("id").asText()).isEqualTo("two");
    JsonNode found = run.report().path("drill");
    assertThat(found.path("compared").asInt()).isEqualTo(4);
    assertThat(found.path("restoreSeconds").isNumber()).isTrue();
    assertThat(found.path("seconds").asDouble())
        .isGreaterThanOrEqualTo(found.path("restoreSeconds").asDouble());
    assertThat(found.path("dataAgeSeconds").isIntegralNumber()).isTrue();
    assertThat(found.path("noticed"))
        .extracting(JsonNode::asText)
        .containsExactly(
            "flipped-byte of restored files",
            "flipped-byte of a stored set",
            "missing-object of a stored set",
            "truncated-object of a stored set");
    assertThat(content(rig.target)).isEqualTo(before);
    assertThat(scratch()).isEmptyDirectory();
    JsonNode words = MAPPER.readTree(result.toFile());
    assertThat(words.path("command").asText()).isEqualTo("drill");
    assertThat(words.path("outcome").asText()).isEqualTo("proven");
    assertThat(words.path("set").path("id").asText()).isEqualTo("two");
    assertThat(words.path("drill")).isEqualTo(found);
    assertProven(drill(rig, "--set", "one"));
    Files.setPosixFilePermissions(kept, PosixFilePermissions.fromString("rwx------"));
  }

  @Test
  void T33_aDamagedSetIsNotProvenWhicheverObjectItIs() throws Exception {
    BackupRig rig = filled(new BackupRig(root));
    rig.completed("one");
    List<String> objects = BackupRig.names(rig.set("one"));
    assertThat(objects).contains("database-1.db.gz", "catalogue.jsonl.gz", "files.tar.gz");
    objects =
        objects.stream()
            .filter(o -> !o.equals("manifest.json") && !o.equals("SHA256SUMS"))
            .toList();

    for (String object : objects) {
      Path file = rig.set("one").resolve(object);
      byte[] good = Files.readAllBytes(file);
      byte[] flipped = good.clone();
      flipped[good.length / 2] ^= 1;
      Files.write(file, flipped);
      assertNotProven(drill(rig), object + " flipped", "set-damaged");
      Files.write(file, Arrays.copyOf(good, good.length - 1));
      assertNotProven(drill(rig), object + " cut", "set-damaged");
      Files.delete(file);
      assertNotProven(drill(rig), object + " gone", "set-damaged");
      Files.write(file, good);
    }
    assertProven(drill(rig));
  }

  @Test
  void T33_aSetWhoseHashesAreAllRightAndWhoseRowsAreNotIsNotProven() throws Exception {
    BackupRig rig = filled(new BackupRig(root));
    rig.completed("one");
    assertThat(rewrite(rig, "\"rows\":300", "\"rows\":301")).isTrue();

    assertThat(rig.verify("one").code()).isZero();
    assertNotProven(drill(rig), "rows", "set-damaged");
  }

  /** Another catalogue, with manifest and sums that go with it. */
  private static boolean rewrite(BackupRig rig, String from, String to) throws Exception {
    Path catalogue = rig.set("one").resolve("catalogue.jsonl.gz");
    String text;
    try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(catalogue))) {
      text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(text.replace(from, to).getBytes(StandardCharsets.UTF_8));
    }
    Files.write(catalogue, packed.toByteArray());
    Path file = rig.set("one").resolve("manifest.json");
    ObjectNode manifest = (ObjectNode) MAPPER.readTree(file.toFile());
    List<SetObject> objects = new ArrayList<>();
    for (JsonNode object : manifest.path("objects")) {
      if (object.path("name").asText().equals("catalogue.jsonl.gz")) {
        ((ObjectNode) object)
            .put("bytes", packed.size())
            .put("sha256", Digests.of(packed.toByteArray()));
      }
      objects.add(
          new SetObject(
              object.path("name").asText(),
              object.path("bytes").asLong(),
              object.path("sha256").asText()));
    }
    byte[] written = MAPPER.writeValueAsBytes(manifest);
    Files.write(file, written);
    Files.writeString(
        rig.set("one").resolve("SHA256SUMS"), StoredSet.sums(List.copyOf(objects), written));
    return text.contains(from);
  }

  @Test
  void PIP_26_anEncryptedSetIsProvenOnlyWithItsKey() throws Exception {
    BackupRig rig = filled(new BackupRig(root));
    KeyPair pair = new X25519KeyPairGenerator().generateKeyPair();
    Path identity = Files.writeString(root.resolve("key.txt"), pair.getPrivate().toString());
    Path stranger =
        Files.writeString(
            root.resolve("other.txt"),
            new X25519KeyPairGenerator().generateKeyPair().getPrivate().toString());
    Path field = Files.writeString(root.resolve("field"), "field key");
    rig.completed("one", "--recipient", pair.getPublic().toString(), "--key", "FIELD=" + field);

    assertNotProven(drill(rig), "no key", "key-missing");
    assertNotProven(
        drill(rig, "--identity-file", stranger.toString()), "another key", "key-differs");
    BackupRig.Run without = drill(rig, "--identity-file", identity.toString());
    assertProven(without);
    assertThat(without.warnings()).containsExactly("app-key-missing");
    BackupRig.Run with =
        drill(rig, "--identity-file", identity.toString(), "--key", "FIELD=" + field);
    assertProven(with);
    assertThat(with.warnings()).isEmpty();
    assertNotProven(
        drill(rig, "--identity-file", identity.toString(), "--key", "FIELD=" + identity),
        "another key of the application",
        "app-key-differs");
  }

  @Test
  void aSetInABucketIsProven() throws Exception {
    try (S3Server server = S3Server.start()) {
      BackupRig rig = filled(BackupRig.bucket(root, server, "sets"));
      rig.completed("one");
      Map<String, String> before = content(rig.target);

      assertProven(drill(rig));

      assertThat(content(rig.target)).isEqualTo(before);
      Path database = rig.set("one").resolve("database-1.db.gz");
      byte[] flipped = Files.readAllBytes(database);
      flipped[flipped.length / 2] ^= 1;
      Files.write(database, flipped);
      assertNotProven(drill(rig), "flipped", "set-damaged");
    }
  }

  /** The arguments of the example, with the directories of this test in the place of its mounts. */
  @Test
  void theCronJobOfTheExamplesProvesASet() throws Exception {
    BackupRig rig = filled(new BackupRig(root));
    CronJob example =
        Yaml.read(
            CronJob.class,
            Files.readString(Repository.root().resolve("examples/drill/cronjob.yaml")));
    PodSpec pod = example.getSpec().getJobTemplate().getSpec().getTemplate().getSpec();
    Container runner = pod.getContainers().getFirst();
    List<String> args = new ArrayList<>(runner.getArgs());
    assertThat(args.removeFirst()).isEqualTo(RunnerMain.class.getName());
    rig.completed("one", "--prefix", args.get(args.indexOf("--prefix") + 1));
    Path words = root.resolve("words");
    Map<String, String> mounts =
        Map.of(
            "file:///backups",
            rig.url(),
            "/scratch",
            scratch().toString(),
            "/dev/termination-log",
            words.toString());
    assertThat(args).containsAll(mounts.keySet());

    assertProven(rig.run(args.stream().map(arg -> mounts.getOrDefault(arg, arg)).toList()));

    assertThat(MAPPER.readTree(words.toFile()).path("outcome").asText()).isEqualTo("proven");
    assertThat(runner.getVolumeMounts())
        .filteredOn(mount -> !Boolean.TRUE.equals(mount.getReadOnly()))
        .extracting(VolumeMount::getName)
        .containsExactlyInAnyOrder("scratch", "tmp");
    assertThat(pod.getVolumes())
        .filteredOn(volume -> !volume.getName().equals("backups"))
        .allMatch(volume -> volume.getEmptyDir() != null);
    assertThat(pod.getAutomountServiceAccountToken()).isFalse();
  }

  @Test
  void withoutACompletedSetThereIsNothingToProve() throws Exception {
    BackupRig rig = filled(new BackupRig(root));

    assertNotProven(drill(rig), "no set", "set-missing");
    assertNotProven(drill(rig, "--set", "one"), "no such set", "set-missing");
  }

  @Test
  void T33_whateverDiffersFromTheSetAfterARestoreIsFound() throws Exception {
    BackupRig rig = filled(new BackupRig(root));
    rig.completed("one");
    Path restored = rig.restored("one");
    try (FolderStore store = new FolderStore(rig.target, "")) {
      RestoredFiles files =
          RestoredFiles.of(StoredSet.open(store, "one"), Identities.of(List.of()));
      assertThat(files.count()).isEqualTo(3);
      assertThat(files.differences(restored)).isEmpty();

      Files.writeString(restored.resolve("more"), "more");
      Files.delete(restored.resolve("side"));
      rig.sql("../restored-one/app.db", "DELETE FROM t WHERE id = 1");

      assertThat(files.differences(restored))
          .contains("app.db is not what the catalogue says", "more is too many", "side is missing");
    }
  }
}
