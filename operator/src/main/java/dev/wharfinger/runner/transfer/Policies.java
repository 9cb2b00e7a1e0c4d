package dev.wharfinger.runner.transfer;

import dev.wharfinger.runner.transfer.codec.Choices;
import dev.wharfinger.runner.transfer.codec.PolicyKind;
import dev.wharfinger.runner.transfer.sql.Names;
import dev.wharfinger.runner.transfer.sqlite.SourceCatalog;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a person decided for all tables, for one, or for one column; what is closer counts. */
public final class Policies {
  /** Nothing was decided: whatever does not fit is refused. */
  public static final Policies NONE = new Policies(List.of());

  private static final Pattern TEXT = Pattern.compile("([a-z0-9-]+)(?:@([^.]+)(?:\\.(.+))?)?=(.+)");

  /**
   * One decision.
   *
   * @param table empty for all
   * @param column empty for all
   */
  public record Policy(PolicyKind kind, String table, String column, String choice) {
    /**
     * Reads {@code KIND[@TABLE[.COLUMN]]=CHOICE}.
     *
     * @throws IllegalArgumentException where that makes no sense; the message is for people
     */
    public static Policy parse(String text) {
      Matcher m = TEXT.matcher(text);
      if (!m.matches()) {
        throw new IllegalArgumentException("a policy is KIND[@TABLE[.COLUMN]]=CHOICE");
      }
      PolicyKind kind =
          PolicyKind.of(m.group(1))
              .orElseThrow(() -> new IllegalArgumentException("no such policy: " + m.group(1)));
      if (!kind.allows(m.group(4))) {
        throw new IllegalArgumentException(kind.word() + " is one of: " + kind.allowed());
      }
      return new Policy(kind, word(m.group(2)), word(m.group(3)), m.group(4));
    }

    private static String word(@org.jspecify.annotations.Nullable String text) {
      return text == null ? "" : text;
    }

    private boolean about(String someTable, String someColumn) {
      return (table.isEmpty() || Names.same(table, someTable))
          && (column.isEmpty() || Names.same(column, someColumn));
    }

    private int closeness() {
      return (table.isEmpty() ? 0 : 1) + (column.isEmpty() ? 0 : 1);
    }
  }

  private final List<Policy> all;

  /** Decisions in any order. */
  public Policies(List<Policy> all) {
    this.all = new ArrayList<>(all);
    this.all.sort(Comparator.comparingInt(Policy::closeness));
  }

  List<Policy> all() {
    return List.copyOf(all);
  }

  /** Says so where a decision is about a table or a column that is not there: a name misspelt. */
  void check(SourceCatalog catalog, Findings findings) {
    for (Policy policy : all) {
      boolean there =
          policy.table().isEmpty()
              || catalog.tables().stream()
                  .filter(table -> Names.same(table.name(), policy.table()))
                  .anyMatch(table ->
                      policy.column().isEmpty()
                          || table.columns().stream()
                              .anyMatch(column -> Names.same(column.name(), policy.column())));
      if (!there) {
        findings.add(
            policy.table(), policy.column(), "nothing-there-for-policy", policy.kind().word());
      }
    }
  }

  /** What holds for a column. */
  public Choices choices(String table, String column) {
    Map<PolicyKind, String> choices = new EnumMap<>(PolicyKind.class);
    for (Policy policy : all) {
      if (policy.about(table, column)) {
        choices.put(policy.kind(), policy.choice());
      }
    }
    return new Choices(choices);
  }

  /** Whether it does not matter that a migration tool has other revisions on each side. */
  boolean ignoresRevisions(String table) {
    return choices(table, "").get(PolicyKind.REVISIONS).isPresent();
  }

  /** Whether a table, or a column of it, that the target has not may stay behind with its data. */
  boolean leavesBehind(String table, String column) {
    return choices(table, column).get(PolicyKind.MISSING_IN_TARGET).isPresent();
  }

  /** What shall become of rows whose parent is missing; empty where that is refused. */
  Optional<String> orphans(String table, String column) {
    return choices(table, column).get(PolicyKind.ORPHANS);
  }
}
