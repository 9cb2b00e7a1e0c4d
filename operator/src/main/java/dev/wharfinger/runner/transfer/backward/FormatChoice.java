package dev.wharfinger.runner.transfer.backward;

import dev.wharfinger.runner.transfer.Findings;
import dev.wharfinger.runner.transfer.format.Format;
import dev.wharfinger.runner.transfer.format.FormatSurvey;
import dev.wharfinger.runner.transfer.format.Formats;
import dev.wharfinger.runner.transfer.sqlite.SourceColumn.Affinity;
import dev.wharfinger.runner.transfer.sqlite.StoredForm;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Settles the format of each column. In this order: what somebody chose; the file's own values; a
 * profile that an earlier move recorded; what the migration tool's ORM writes; what all other
 * columns of the type agree on. What is still open after that stays open: the rows decide whether
 * it makes a difference.
 */
final class FormatChoice {
  private final Connection postgres;
  private final LikeFile like;
  private final EarlierMove earlier;
  private final Map<String, List<String>> profile;
  private final Map<String, String> chosen;
  private final Optional<Hints> hints;
  private final StoredForm form;
  private final Findings findings;

  FormatChoice(
      Connection postgres,
      LikeFile like,
      EarlierMove earlier,
      Map<String, List<String>> profile,
      Map<String, String> chosen,
      Optional<Hints> hints,
      StoredForm form,
      Findings findings) {
    this.postgres = postgres;
    this.like = like;
    this.earlier = earlier;
    this.profile = profile;
    this.chosen = chosen;
    this.hints = hints;
    this.form = form;
    this.findings = findings;
  }

  /** The format somebody chose for a column, empty without. */
  static String chosen(Map<String, String> chosen, String table, String column) {
    return chosen.getOrDefault(table + "." + column, chosen.getOrDefault("*", ""));
  }

  void settle(List<BackTable> tables) throws Exception {
    List<BackColumn> open = new ArrayList<>();
    for (BackTable table : tables) {
      earlier.decide(like, table);
      List<FormatSurvey> surveys = Surveys.of(like, table, form);
      ServerReadings readings = ServerReadings.of(postgres, like, table);
      table.readings = readings;
      for (int i = 0; i < surveys.size(); i++) {
        BackColumn column = table.columns.get(i);
        FormatSurvey survey = surveys.get(i);
        one(table, column, survey);
        column.emptied = Math.max(survey.emptied(), readings.emptied(i));
        // Nobody chose how SQLite was to write what it has no type for.
        boolean free = column.converted() || !column.evidence.equals("chosen");
        column.retained |= column.emptied > 0 && free;
        column.retained |=
            column.converted() && (readings.rewritten(i) || column.raw() && survey.seen() > 0);
        if (column.formats.size() > 1) {
          open.add(column);
        }
      }
      refuseMixed(table, surveys);
    }
    for (BackColumn column : open) {
      agree(column, tables);
    }
  }

  /** Without a key nobody can tell which rows are those that the file has. */
  private void refuseMixed(BackTable table, List<FormatSurvey> surveys) {
    for (int i = 0; i < surveys.size() && table.key().isEmpty(); i++) {
      BackColumn column = table.columns.get(i);
      // What only the earlier move saw may be in no row any more.
      if (column.mixed && surveys.get(i).seen() > 0) {
        findings.add(
            table.sqlite.name(), column.sqlite.name(), "format-mixed", surveys.get(i).histogram());
        column.mixed = false;
      }
    }
  }

  private void one(BackTable table, BackColumn column, FormatSurvey survey) {
    String name = table.sqlite.name() + "." + column.sqlite.name();
    String wish = chosen(chosen, table.sqlite.name(), column.sqlite.name());
    List<Format> wished = named(column.candidates, List.of(column.converted() ? "text" : wish));
    if (!wished.isEmpty()) {
      column.choose(wished, wish.isEmpty() ? "as PostgreSQL writes it" : "chosen");
      return;
    }
    // PostgreSQL sorts the keys of a document, which no format undoes.
    column.retained =
        survey.seen() > 0 && (survey.fitting().isEmpty() || column.type.equals("jsonb"));
    if (wish.equals("majority") && survey.seen() > 0) {
      column.choose(List.of(survey.majority()), "majority: " + survey.histogram());
      return;
    }
    if (!wish.isEmpty() && !wish.equals("majority") && chosen.containsKey(name)) {
      findings.add(
          table.sqlite.name(),
          column.sqlite.name(),
          "no-such-format",
          String.join(", ", names(column)));
      column.choose(List.of(column.candidates.getFirst()), "");
      return;
    }
    List<Format> left = column.candidates;
    String why = "";
    // Of the length of time that a number stands for, a file shows nothing.
    boolean mute = column.type.equals("interval") && column.affinity != Affinity.TEXT;
    if (survey.seen() > 0 && !mute) {
      left = survey.fitting();
      why = "values of the file";
      if (left.isEmpty() && column.type.equals("jsonb")) {
        // The document is the same in any spacing.
        left = List.of(survey.majority());
        why = "majority: " + survey.histogram();
      } else if (!survey.any() && !recorded(column, name).isEmpty()) {
        // What numbers count, for one, only the move forward was told.
        left = recorded(column, name);
        why = "profile";
      } else if (left.isEmpty()) {
        column.mixed = true;
        left = List.of(survey.majority());
        why = "mixed: " + survey.histogram();
      }
    }
    if (survey.seen() == 0
        && recorded(column, name).isEmpty()
        && !column.type.equals("jsonb")
        && earlier.mixed(table.sqlite.name(), column.sqlite.name())) {
      // Where the majority is asked for, and no row of the file has a say, the tool decides.
      column.mixed = !wish.equals("majority");
      left = column.mixed ? List.of(column.candidates.getFirst()) : column.candidates;
      why = "mixed: the earlier move saw values in more than one format";
    }
    List<Format> known = named(left, recorded(column, name).stream().map(Format::name).toList());
    if (!known.isEmpty() && known.size() < left.size()) {
      left = known;
      why += (why.isEmpty() ? "" : ", ") + "profile";
    }
    List<Format> usual =
        hints.map(h -> named(column.candidates, h.of(column.type))).orElse(List.of());
    if (left.size() > 1 && left.containsAll(usual) && !usual.isEmpty()) {
      left = usual;
      why += (why.isEmpty() ? "" : ", ") + hints.get().table();
    }
    Optional<Format> plain = Formats.usual(column.type, left);
    if (left.size() > 1 && plain.isPresent()) {
      left = List.of(plain.get());
      why += (why.isEmpty() ? "" : ", ") + "usual";
    }
    column.choose(left, why);
  }

  private List<Format> recorded(BackColumn column, String name) {
    return named(column.candidates, profile.getOrDefault(name, List.of()));
  }

  /** Narrows by the columns of the same type that are settled, where they leave one format. */
  private static void agree(BackColumn column, List<BackTable> tables) {
    List<Format> left = new ArrayList<>(column.formats);
    for (BackTable table : tables) {
      for (BackColumn other : table.columns) {
        if (other.type.equals(column.type) && other.evidence.startsWith("values")) {
          List<String> names = other.formats.stream().map(Format::name).toList();
          left.removeIf(format -> !names.contains(format.name()));
        }
      }
    }
    if (!left.isEmpty() && left.size() < column.formats.size()) {
      column.choose(
          left, column.evidence + (column.evidence.isEmpty() ? "" : ", ") + "other columns");
    }
  }

  private static List<String> names(BackColumn column) {
    return column.candidates.stream().map(Format::name).toList();
  }

  private static List<Format> named(List<Format> formats, List<String> names) {
    return formats.stream().filter(format -> names.contains(format.name())).toList();
  }
}
