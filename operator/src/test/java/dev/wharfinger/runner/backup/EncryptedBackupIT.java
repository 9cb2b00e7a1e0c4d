package dev.wharfinger.runner.backup;

import static org.assertj.core.api.Assertions.assertThat;

import com.exceptionfactory.jagged.x25519.X25519KeyPairGenerator;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sets that only the holder of a private key reads, and data that need the application's key. */
class EncryptedBackupIT {
  private static final String SECRET = "hunter2-and-some-more";
  @TempDir private Path root;
  private BackupRig rig;
  private KeyPair one;
  private KeyPair two;

  @BeforeEach
  void keys() throws Exception {
    X25519KeyPairGenerator generator = new X25519KeyPairGenerator();
    one = generator.generateKeyPair();
    two = generator.generateKeyPair();
    rig = new BackupRig(root).database("app.db", 50);
    rig.sql("app.db", "INSERT INTO t (body) VALUES ('" + SECRET + "')");
    Files.writeString(rig.data.resolve("encryption.key"), SECRET);
    rig.declare("--extra-path", "encryption.key");
  }

  private String identity(KeyPair pair) throws Exception {
    Path file = Files.createTempFile(root, "key", ".txt");
    return Files.writeString(file, "# a key\n" + pair.getPrivate() + "\n").toString();
  }

  @Test
  void PIP_26_anEncryptedSetShowsNeitherContentNorHashesOfIt() throws Exception {
    rig.completed("one", "--recipient", one.getPublic().toString());

    for (String name : BackupRig.names(rig.target)) {
      String text = Files.readString(rig.target.resolve(name), StandardCharsets.ISO_8859_1);
      assertThat(text)
          .as(name)
          .doesNotContain(SECRET, Digests.of(SECRET.getBytes(StandardCharsets.UTF_8)));
      assertThat(name.endsWith(".age")).isEqualTo(text.startsWith("age-encryption.org/v1"));
    }
    assertThat(BackupRig.names(rig.set("one")))
        .containsExactly(
            "RESTORE.md",
            "SHA256SUMS",
            "catalogue.jsonl.gz.age",
            "database-1.db.gz.age",
            "files.tar.gz.age",
            "manifest.json");
  }

  @Test
  void PIP_26_anyOfTheKeysOpensItAndNoOther() throws Exception {
    rig.completed(
        "one",
        "--recipient",
        one.getPublic().toString(),
        "--recipient",
        two.getPublic().toString());
    Path directory = root.resolve("new");

    BackupRig.Run none = rig.restore("one", directory);
    assertThat(none.code()).isEqualTo(2);
    assertThat(none.reason()).isEqualTo("key-missing");
    assertThat(none.report().path("message").asText()).contains(one.getPublic().toString());
    String stranger = identity(new X25519KeyPairGenerator().generateKeyPair());
    BackupRig.Run other = rig.restore("one", directory, "--identity-file", stranger);
    assertThat(other.code()).isEqualTo(2);
    assertThat(other.reason()).isEqualTo("key-differs");
    assertThat(BackupRig.names(directory)).isEmpty();

    for (KeyPair pair : List.of(one, two)) {
      assertThat(
              rig.verify(
                      "one",
                      "--identity-file",
                      identity(pair),
                      "--scratch",
                      root.resolve("try").toString())
                  .code())
          .isZero();
    }
    assertThat(BackupRig.names(root.resolve("try"))).isEmpty();
    Path restored = rig.restored("one", "--identity-file", identity(two));
    assertThat(restored.resolve("encryption.key")).hasContent(SECRET);
    assertThat(BackupRig.query(restored.resolve("app.db"), "SELECT max(body) FROM t"))
        .isEqualTo(SECRET);
  }

  @Test
  void PIP_26_dataAreNotRestoredWithoutTheKeyTheyNeed() throws Exception {
    String key = rig.data.resolve("encryption.key").toString();
    rig.completed("one", "--key", "FIELD_KEY=" + key);
    Path other = Files.writeString(root.resolve("other"), "another key");
    Path sameWithLineFeed = Files.writeString(root.resolve("same"), SECRET + "\n");
    Path directory = root.resolve("new");

    assertThat(rig.restore("one", directory).reason()).isEqualTo("app-key-missing");
    assertThat(rig.restore("one", directory, "--key", "FIELD_KEY=" + other).reason())
        .isEqualTo("app-key-differs");
    assertThat(BackupRig.names(directory)).isEmpty();
    assertThat(rig.restore("one", directory, "--without-key", "FIELD_KEY").warnings())
        .containsExactly("app-key-missing");
    rig.restored("one", "--key", "FIELD_KEY=" + sameWithLineFeed);
    assertThat(Files.readString(rig.set("one").resolve("manifest.json")))
        .contains("FIELD_KEY")
        .doesNotContain(SECRET, Digests.of(SECRET.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void aPrivateKeyGivenAsRecipientIsRefusedAndNotRepeated() throws Exception {
    assertThat(rig.backup("one", "--recipient", one.getPrivate().toString()).code()).isEqualTo(64);
    assertThat(BackupRig.names(rig.target)).isEmpty();
  }
}
