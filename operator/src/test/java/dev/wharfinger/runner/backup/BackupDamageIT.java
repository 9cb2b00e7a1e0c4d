package dev.wharfinger.runner.backup;

import static org.assertj.core.api.Assertions.assertThat;

import com.exceptionfactory.jagged.x25519.X25519KeyPairGenerator;
import dev.wharfinger.testing.S3Server;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every object of a set, damaged in every way: it is always noticed, and nothing is restored. */
class BackupDamageIT {
  @TempDir private Path root;

  @Test
  void T33_everyDamageOfASetIsNoticed() throws Exception {
    BackupRig rig = rig();
    rig.completed("one");

    damageEverything(rig);
  }

  @Test
  void T33_everyDamageOfAnEncryptedSetIsNoticed() throws Exception {
    BackupRig rig = rig();
    KeyPair pair = new X25519KeyPairGenerator().generateKeyPair();
    Path identity = Files.writeString(root.resolve("key.txt"), pair.getPrivate().toString());
    rig.completed("one", "--recipient", pair.getPublic().toString());

    damageEverything(rig, "--identity-file", identity.toString());
  }

  @Test
  void T33_everyDamageOfASetInABucketIsNoticed() throws Exception {
    try (S3Server server = S3Server.start()) {
      BackupRig rig = filled(BackupRig.bucket(root, server, "sets"));
      rig.completed("one");

      damageEverything(rig);
    }
  }

  private BackupRig rig() throws Exception {
    return filled(new BackupRig(root));
  }

  private static BackupRig filled(BackupRig rig) throws Exception {
    rig.database("app.db", 300);
    Files.writeString(rig.data.resolve("side"), "side file");
    return rig.declare("--extra-path", "side");
  }

  private void damageEverything(BackupRig rig, String... more) throws Exception {
    List<String> objects = BackupRig.names(rig.set("one"));
    assertThat(objects).hasSize(6);
    for (String object : objects) {
      Path file = rig.set("one").resolve(object);
      byte[] good = Files.readAllBytes(file);
      for (int tenth = 0; tenth <= 10; tenth++) {
        int place = Math.min(good.length - 1, good.length * tenth / 10);
        byte[] flipped = good.clone();
        flipped[place] ^= 1;
        Files.write(file, flipped);
        assertNoticed(rig, object + " flipped at " + place, more);
        Files.write(file, Arrays.copyOf(good, place));
        assertNoticed(rig, object + " cut at " + place, more);
      }
      Files.delete(file);
      assertNoticed(rig, object + " is gone", more);
      Files.write(file, Arrays.copyOf(good, good.length + 1));
      assertNoticed(rig, object + " is longer", more);
      Files.write(file, good);
    }
    assertThat(rig.verify("one").code()).isZero();
    rig.restored("one", more);
  }

  private void assertNoticed(BackupRig rig, String what, String... more) throws Exception {
    Path directory = root.resolve("restored");
    BackupRig.Run verified = rig.verify("one");
    assertThat(verified.code()).as("%s: %s", what, verified).isEqualTo(2);
    BackupRig.Run restored = rig.restore("one", directory, more);
    assertThat(restored.code()).as("%s: %s", what, restored).isEqualTo(2);
    assertThat(restored.reason())
        .as(what)
        .isIn("set-damaged", "manifest-damaged", "manifest-missing");
    assertThat(BackupRig.names(directory)).isEmpty();
  }
}
