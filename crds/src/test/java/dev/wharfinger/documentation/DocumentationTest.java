package dev.wharfinger.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.testing.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What can be told of the documentation without running anything. */
class DocumentationTest {
  private static final Pattern LINK = Pattern.compile("]\\(([^)#\\s]+)(?:#[^)]*)?\\)");

  /**
   * Where the sources name a reason: as the first word, or after a phase, a writer or a backend.
   */
  private static final Pattern REASON =
      Pattern.compile(
          "(?:\\bstop|waiting|working|stalled|StalledException|giveUp|apply|park|ready|reconciling"
              + "|readyButStalled|end|advice|known|new Failure)\\((?:\\s*\\w+(?:\\.\\w+)?,)*\\s*\"([A-Z][A-Za-z]+)\"");

  /** Reasons that are chosen, kept or carried before they are said. */
  private static final Pattern CHOSEN =
      Pattern.compile(
          "(?:[?:] |-> |NOT_EXPANDABLE = )\"([A-Z][A-Za-z]+)\"(?=\\s*[:;,])(?!\\s*:\\s*phase)");

  private static final Pattern ROW = Pattern.compile("(?m)^\\| `([A-Z][A-Za-z]+)` \\|");

  /** In comments, and at the beginning of a test's name, which may begin with several. */
  private static final Pattern REQUIREMENT =
      Pattern.compile(
          "(?<![A-Za-z0-9])((?:PHX|OXY|CLB|CLO|PIP)[-_][0-9]{2}|T[0-9]{2}(?=_))(?![0-9])");

  private static final Pattern REQUIREMENT_ROW =
      Pattern.compile("(?m)^\\| `([A-Z]{3}-[0-9]{2}|T[0-9]{2})` \\|");

  private static final String RULE = "([a-z]+(?:-[a-z0-9]+)+)";
  private static final Pattern RULE_ROW = Pattern.compile("(?m)^\\| `" + RULE + "` \\|");
  private static final Pattern VERDICT =
      Pattern.compile("(?:normalised|rejected)\\(\\s*\"" + RULE + "\"");
  private static final Pattern FINDING =
      Pattern.compile(
          "(?:(?:findings|warnings)\\s*\\.add(?:All)?|refuse)\\([^;]*?\"" + RULE + "\"");

  /** One that may pass is no rule. */
  private static final Pattern TLS =
      Pattern.compile("(?m)^  [A-Z_]+\\(\"(tls-(?!failed)[a-z-]+)\"\\)");

  private static final Pattern POLICY = Pattern.compile("[(]\"" + RULE + "\"");
  private static final Pattern POLICY_ROW =
      Pattern.compile("(?m)^\\| [^|]+ \\| `" + RULE + "` \\|");
  private static final String CODE = "([a-z]+(?:-[a-z]+)*)";
  private static final Pattern BACKUP_CODE_CELL = Pattern.compile("`" + CODE + "`");
  private static final Pattern BACKUP_REASON =
      Pattern.compile("(?:Backup|Target)Exception\\s*\\.(?:refused|failed)\\(\\s*\"" + CODE + "\"");
  private static final Pattern BACKUP_WARNING =
      Pattern.compile("warnings\\s*\\.(?:add|names)\\(\\s*\"" + CODE + "\"");
  private static final Pattern SERVER_ERROR = Pattern.compile("case \"\\d+\" -> \"" + RULE + "\"");

  @Test
  void everyLinkInsideTheRepositoryLeadsSomewhere() {
    for (Path page : Documentation.pages()) {
      LINK.matcher(Snippet.read(page))
          .results()
          .map(m -> m.group(1))
          .filter(link -> !link.contains("://"))
          .forEach(link ->
              assertThat(page.resolveSibling(link)).as("%s links to %s", page, link).exists());
    }
  }

  @Test
  void everyPageIsReachedFromTheReadme() {
    String readme = Snippet.read(Repository.root().resolve("README.md"));

    assertThat(Documentation.pages())
        .filteredOn(page -> page.startsWith(Repository.root().resolve("docs")))
        .allSatisfy(page -> assertThat(readme).contains("(docs/" + page.getFileName() + ")"));
  }

  @Test
  void everyReasonIsExplainedAndNoneIsInvented() throws IOException {
    Set<String> explained =
        find(ROW, Snippet.read(Repository.root().resolve("docs/conditions.md")));

    assertThat(explained).containsExactlyInAnyOrderElementsOf(in("operator", REASON, CHOSEN));
  }

  @Test
  void everyRuleOfATransferIsExplainedAndNoneIsInvented() throws IOException {
    Set<String> explained =
        find(RULE_ROW, Snippet.read(Repository.root().resolve("docs/transfer-command.md")));

    assertThat(explained)
        .containsExactlyInAnyOrderElementsOf(
            in("runner/transfer", VERDICT, FINDING, SERVER_ERROR, TLS));
  }

  @Test
  void everyReasonAndWarningOfABackupIsExplainedAndNoneIsInvented() throws IOException {
    Set<String> explained = new TreeSet<>();
    Snippet.read(Repository.root().resolve("docs/backup-command.md"))
        .lines()
        .filter(line -> line.startsWith("| `"))
        .map(line -> line.substring(0, line.indexOf(" |", 2)))
        .forEach(cell -> explained.addAll(find(BACKUP_CODE_CELL, cell)));

    assertThat(explained)
        .containsExactlyInAnyOrderElementsOf(in("runner/backup", BACKUP_REASON, BACKUP_WARNING));
  }

  @Test
  void everyPolicyIsExplainedAndNoneIsInvented() {
    Path root = Repository.root();
    String kinds =
        Snippet.read(
            root.resolve(
                "operator/src/main/java/dev/wharfinger/runner/transfer/codec/PolicyKind.java"));

    assertThat(find(POLICY_ROW, Snippet.read(root.resolve("docs/transfer-command.md"))))
        .containsExactlyInAnyOrderElementsOf(find(POLICY, kinds));
  }

  @Test
  void everyRequirementIsExplainedAndNoneIsInvented() throws IOException {
    Set<String> explained =
        find(REQUIREMENT_ROW, Snippet.read(Repository.root().resolve("docs/requirements.md")));

    Set<String> named = new TreeSet<>();
    for (String module : List.of("crds", "operator", "e2e")) {
      Path sources = Repository.root().resolve(module).resolve("src");
      find(REQUIREMENT, sources).forEach(id -> named.add(id.replace('_', '-')));
    }
    assertThat(explained).containsExactlyInAnyOrderElementsOf(named);
  }

  private static Set<String> in(String folder, Pattern... patterns) throws IOException {
    Set<String> found = new TreeSet<>();
    Path sources = Repository.root().resolve("operator/src/main/java/dev/wharfinger/" + folder);
    for (Pattern pattern : patterns) {
      found.addAll(find(pattern, sources));
    }
    return found;
  }

  private static Set<String> find(Pattern pattern, Path sources) throws IOException {
    Set<String> found = new TreeSet<>();
    try (Stream<Path> files = Files.walk(sources)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        found.addAll(find(pattern, Snippet.read(file)));
      }
    }
    return found;
  }

  private static Set<String> find(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map((MatchResult m) -> m.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
