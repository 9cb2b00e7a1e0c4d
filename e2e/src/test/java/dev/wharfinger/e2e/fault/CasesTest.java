package dev.wharfinger.e2e.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.testing.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every case has its row in {@code docs/faults.md}, and what the rows name is there. */
class CasesTest {
  private static final Pattern ROW = Pattern.compile("(?m)^\\| (T[0-9]{2}) [^|]+ \\| ([^|]+) \\|$");
  private static final Pattern CLASS =
      Pattern.compile("`([A-Z][A-Za-z]+(?:Faults|Test|IT|Story))`");

  private static String page() throws IOException {
    return Files.readString(Repository.root().resolve("docs/faults.md"));
  }

  @Test
  void everyCaseHasOneRow() throws IOException {
    List<String> cases =
        Stream.of(
                IntStream.rangeClosed(1, 33),
                IntStream.rangeClosed(41, 48),
                IntStream.rangeClosed(57, 59))
            .flatMap(IntStream::boxed)
            .map("T%02d"::formatted)
            .toList();
    assertThat(ROW.matcher(page()).results().map(m -> m.group(1))).containsExactlyElementsOf(cases);
  }

  @Test
  void everyClassThatIsNamedIsThere() throws IOException {
    Set<String> named =
        CLASS
            .matcher(page())
            .results()
            .map(m -> m.group(1) + ".java")
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(tests()).containsAll(named);
  }

  private static Set<String> tests() throws IOException {
    Set<String> names = new TreeSet<>();
    for (String module : List.of("crds", "operator", "e2e")) {
      Path sources = Repository.root().resolve(module).resolve("src/test/java");
      try (Stream<Path> files = Files.walk(sources)) {
        files.forEach(file -> names.add(file.getFileName().toString()));
      }
    }
    return names;
  }
}
