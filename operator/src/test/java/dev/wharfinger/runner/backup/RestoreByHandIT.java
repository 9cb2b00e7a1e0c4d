package dev.wharfinger.runner.backup;

import static org.assertj.core.api.Assertions.assertThat;

import com.exceptionfactory.jagged.x25519.X25519KeyPairGenerator;
import dev.wharfinger.testing.Programs;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Follows {@code RESTORE.md} to the letter, without the program that wrote it. */
class RestoreByHandIT {
  private static final Pattern COMMANDS = Pattern.compile("(?s) {3}```sh\n(.*?) {3}```");
  @TempDir private Path root;

  private BackupRig rig() throws Exception {
    BackupRig rig = new BackupRig(root).database("it's $HOME.db", 30).database("sub/b.db", 3);
    Files.createDirectory(rig.data.resolve("conf"));
    Files.writeString(rig.data.resolve("conf/key"), "key");
    return rig.declare("--extra-path", "conf");
  }

  private static String commands(Path text) throws Exception {
    return COMMANDS
        .matcher(Files.readString(text))
        .results()
        .map((MatchResult block) -> block.group(1))
        .collect(Collectors.joining());
  }

  private void follow(BackupRig rig, String before) throws Exception {
    Path to = root.resolve("by-hand");
    String script =
        "cd '%s'\nTO='%s'\n%s%s"
            .formatted(rig.set("one"), to, before, commands(rig.set("one").resolve("RESTORE.md")));

    String said = Programs.execute(List.of("bash", "-c", script));

    assertThat(said).isEqualTo("ok\nok\n");
    assertThat(BackupRig.query(to.resolve("it's $HOME.db"), "SELECT count(*) FROM t"))
        .isEqualTo("30");
    assertThat(BackupRig.query(to.resolve("sub/b.db"), "SELECT count(*) FROM t")).isEqualTo("3");
    assertThat(to.resolve("conf/key")).hasContent("key");
  }

  @Test
  void theTextOfASetRestoresIt() throws Exception {
    BackupRig rig = rig();
    rig.completed("one");

    follow(rig, "");
  }

  @Test
  void theTextOfAnEncryptedSetRestoresIt() throws Exception {
    BackupRig rig = rig();
    KeyPair pair = new X25519KeyPairGenerator().generateKeyPair();
    Path identity = Files.writeString(root.resolve("key.txt"), pair.getPrivate() + "\n");
    rig.completed("one", "--recipient", pair.getPublic().toString());

    follow(rig, "IDENTITY='%s'\nPATH='%s':$PATH\n".formatted(identity, age()));
  }

  /** Stands in for the program of that name, which not every machine has. */
  private Path age() throws Exception {
    Path directory = Files.createDirectory(root.resolve("bin"));
    Path program =
        Files.writeString(
            directory.resolve("age"),
            "#!/bin/sh\nexec '%s' -cp '%s' '%s' \"$@\"\n"
                .formatted(
                    Path.of(System.getProperty("java.home"), "bin/java"),
                    System.getProperty("java.class.path"),
                    Age.class.getName()));
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    return directory;
  }

  /** {@code age --decrypt --identity FILE FILE}, as the real one takes it. */
  static final class Age {
    public static void main(String[] args) throws Exception {
      if (args.length != 4 || !args[0].equals("--decrypt") || !args[1].equals("--identity")) {
        throw new IllegalArgumentException(String.join(" ", args));
      }
      var reader =
          com.exceptionfactory.jagged.x25519.X25519RecipientStanzaReaderFactory
              .newRecipientStanzaReader(Files.readString(Path.of(args[2])).strip());
      try (var in =
          new com.exceptionfactory.jagged.framework.stream.StandardDecryptingChannelFactory()
              .newDecryptingChannel(Files.newByteChannel(Path.of(args[3])), List.of(reader))) {
        Channels.newInputStream(in).transferTo(System.out);
      }
      System.out.flush();
    }
  }
}
