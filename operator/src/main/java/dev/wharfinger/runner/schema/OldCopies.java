package dev.wharfinger.runner.schema;

import dev.wharfinger.runner.failpoint.Failpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The copies that earlier Jobs have made before they changed the schema of the same file. Of each
 * only the Job's own identity at the end of its name differs; whatever is named otherwise is a
 * person's, and stays.
 */
final class OldCopies {
  /** How many stay, with the newest. */
  static final int KEPT = 5;

  private static final Pattern NAME =
      Pattern.compile("(.+[.-])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  private OldCopies() {}

  /**
   * Deletes the oldest, until no more than {@link #KEPT} are left. To be called when the newest is
   * verified and what was to be done has been done: a failure names the copy of its own Job, and no
   * failure is younger than this success. Each file goes by itself, so an end in between leaves
   * more copies and no half ones; the next run goes on.
   *
   * @param newest the copy of this run; never deleted
   */
  static void prune(Path newest) {
    try {
      for (Path old : surplus(newest)) {
        Files.deleteIfExists(old);
        System.err.println("deleted " + old + ": it was older than the " + KEPT + " newest copies");
        Failpoint.at("schema-copy-pruned");
      }
    } catch (IOException | UncheckedIOException e) {
      // What was asked for is done; a volume with a copy too many is no failure.
      System.err.println("old copies could not be deleted: " + e.getMessage());
    }
  }

  /** Oldest first. */
  private static List<Path> surplus(Path newest) throws IOException {
    Matcher own = NAME.matcher(newest.getFileName().toString());
    if (!own.matches()) {
      return List.of();
    }
    record Aged(Path file, long modified) {}
    List<Aged> others = new ArrayList<>();
    Path directory = Objects.requireNonNull(newest.toAbsolutePath().getParent());
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(f -> isLike(f, own.group(1))).toList()) {
        if (!file.getFileName().equals(newest.getFileName())) {
          others.add(
              new Aged(
                  file, Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toMillis()));
        }
      }
    }
    others.sort(Comparator.comparingLong(Aged::modified).thenComparing(Aged::file));
    return surplus(others.stream().map(Aged::file).toList(), newest);
  }

  /**
   * Tries of one migration that failed have left copies with the same content. All but the newest
   * of those go first: the one of before the first migration must not go for them.
   */
  private static List<Path> surplus(List<Path> oldestFirst, Path newest) throws IOException {
    int much = oldestFirst.size() + 1 - KEPT;
    if (much <= 0) {
      return List.of();
    }
    Set<String> contents = new HashSet<>(Set.of(FileCopy.sha256(newest)));
    List<Path> repeated = new ArrayList<>();
    List<Path> single = new ArrayList<>();
    for (Path file : oldestFirst.reversed()) {
      (contents.add(FileCopy.sha256(file)) ? single : repeated).addFirst(file);
    }
    return Stream.concat(repeated.stream(), single.stream()).limit(much).toList();
  }

  private static boolean isLike(Path file, String beginning) {
    Matcher name = NAME.matcher(file.getFileName().toString());
    return name.matches()
        && name.group(1).equals(beginning)
        && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
        && !isInUse(file);
  }

  /** Somebody has opened it as a database, and what was written there may be in the log alone. */
  private static boolean isInUse(Path file) {
    return Files.exists(Path.of(file + "-wal")) || Files.exists(Path.of(file + "-journal"));
  }
}
