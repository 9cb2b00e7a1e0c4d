package dev.wharfinger.documentation;

import dev.wharfinger.testing.Repository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What this repository tells its readers. */
final class Documentation {
  private Documentation() {}

  /** README, CONTRIBUTING and docs. */
  static List<Path> pages() {
    return Stream.concat(
            Stream.of("README.md", "CONTRIBUTING.md").map(Repository.root()::resolve),
            files("docs", f -> f.toString().endsWith(".md")).stream())
        .toList();
  }

  /** The files of examples. */
  static List<Path> examples() {
    return files("examples", f -> true);
  }

  /**
   * All snippets of pages and examples in a language; pages in order, so that they tell a story.
   */
  static List<Snippet> snippets(String language) {
    return all().stream().filter(s -> s.language().equals(language)).toList();
  }

  static List<Snippet> all() {
    return Stream.concat(
            pages().stream().flatMap(p -> Snippet.ofPage(p).stream()),
            examples().stream().flatMap(e -> Snippet.ofExample(e).stream()))
        .toList();
  }

  private static List<Path> files(String directory, Predicate<Path> wanted) {
    try (Stream<Path> files = Files.walk(Repository.root().resolve(directory))) {
      return files.filter(Files::isRegularFile).filter(wanted).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
