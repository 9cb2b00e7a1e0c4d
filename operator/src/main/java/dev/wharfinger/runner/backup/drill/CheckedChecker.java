package dev.wharfinger.runner.backup.drill;

import dev.wharfinger.runner.backup.BackupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Who checks the checker: it must be content with a good copy and must notice each damage of it. A
 * check that says "good" whatever it is shown is found here, and not on the day it is needed.
 */
final class CheckedChecker {
  private final Path copy;
  private final Path aside;
  private final Random random;
  private final List<String> noticed = new ArrayList<>();

  /**
   * A try.
   *
   * @param copy files of our own, to be damaged and mended again
   * @param aside where the good one of the file at hand lies meanwhile; not there yet
   */
  CheckedChecker(Path copy, Path aside, Random random) {
    this.copy = copy;
    this.aside = aside;
    this.random = random;
  }

  /**
   * Damages the copy in each way.
   *
   * @throws BackupException {@code damage-unnoticed}
   */
  void run(Checker checker, String what, List<Damage> damages) throws Exception {
    if (checker.complains()) {
      throw BackupException.failed(
          "drill-failed",
          "the check of %s complains of a copy that nobody has damaged".formatted(what));
    }
    for (Damage damage : damages) {
      Path file = any();
      long place = random.nextLong(Files.size(file));
      Files.copy(file, aside, StandardCopyOption.REPLACE_EXISTING);
      damage.to(file, place);
      if (!checker.complains()) {
        throw BackupException.refused(
            "damage-unnoticed",
            "the check of %s did not notice a damage that was made on purpose (%s, %s at byte %d): do not trust what it has called good"
                .formatted(what, damage.word(), copy.relativize(file), place));
      }
      noticed.add(damage.word() + " of " + what);
      Files.move(aside, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** What was noticed so far, in words. */
  List<String> noticed() {
    return List.copyOf(noticed);
  }

  /** A file with content, another one each time. */
  private Path any() throws IOException {
    try (Stream<Path> all = Files.walk(copy)) {
      List<Path> files = new ArrayList<>();
      for (Path one : all.filter(Files::isRegularFile).sorted(Comparator.naturalOrder()).toList()) {
        if (Files.size(one) > 0) {
          files.add(one);
        }
      }
      if (files.isEmpty()) {
        throw new IOException("there is nothing in " + copy + " that could be damaged");
      }
      return files.get(random.nextInt(files.size()));
    }
  }
}
