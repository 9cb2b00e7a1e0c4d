package dev.wharfinger.runner;

import dev.wharfinger.runner.transfer.backward.BackwardMove;
import dev.wharfinger.runner.transfer.backward.BackwardOptions;
import dev.wharfinger.runner.transfer.postgresql.PostgresUrl;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * A move back as a process of its own, in which somebody takes the rest of the volume at the very
 * moment when a phase begins.
 */
final class CrowdedMove {
  /** What takes the room; in the volume's first directory. */
  static final String FILLER = "filler";

  private CrowdedMove() {}

  /**
   * Runs it.
   *
   * @param args URL of the database, the file, the operation, the phase, the volume, and {@code
   *     names} where the file's directory shall have no room for one more name either
   */
  public static void main(String[] args) throws Exception {
    Path target = Path.of(args[1]);
    BackwardOptions options =
        new BackwardOptions(
            PostgresUrl.parse(args[0], null),
            Optional.empty(),
            target,
            UUID.fromString(args[2]),
            false,
            false,
            Optional.empty(),
            Optional.empty(),
            Map.of(),
            Map.of(),
            true);
    BackwardMove move =
        new BackwardMove(
            options,
            (phase, rows, total) -> {
              if (phase.equals(args[3])) {
                take(Path.of(args[4]), target, args.length > 5);
              }
            });
    var report = move.run();
    System.out.println(report.json().toPrettyString());
    System.exit(TransferCommand.exitCode(report.outcome()));
  }

  private static void take(Path volume, Path target, boolean names) {
    Path filler = volume.resolve(FILLER);
    for (int size : new int[] {1 << 20, 1 << 10, 1}) {
      try (FileChannel channel =
          FileChannel.open(
              filler,
              StandardOpenOption.CREATE,
              StandardOpenOption.APPEND,
              StandardOpenOption.WRITE)) {
        while (true) {
          channel.write(ByteBuffer.allocate(size));
        }
      } catch (IOException e) {
        System.out.println(size + ": " + e.getMessage());
      }
    }
    // Long names first; the short ones go where no long one fits any more.
    for (String name : names ? List.of("n".repeat(50), "") : List.<String>of()) {
      try {
        for (int i = 0; ; i++) {
          Files.createLink(target.resolveSibling(name + Integer.toString(i, 36)), filler);
        }
      } catch (IOException e) {
        System.out.println("names: " + e.getMessage());
      }
    }
  }

  /** Gives back what was taken. */
  static void leave(Path volume, Path target) throws IOException {
    Path filler = volume.resolve(FILLER);
    try (var files = Files.list(target.getParent())) {
      for (Path file : files.toList()) {
        if (Files.isSameFile(file, filler)) {
          Files.delete(file);
        }
      }
    }
    Files.delete(filler);
  }
}
