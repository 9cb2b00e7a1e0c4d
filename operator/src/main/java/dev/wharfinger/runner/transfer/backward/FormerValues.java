package dev.wharfinger.runner.transfer.backward;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wharfinger.runner.transfer.Findings;
import dev.wharfinger.runner.transfer.codec.Storage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Says what the file's values were that the new one has not, where no row of a file could be looked
 * at for them: storage classes that one format does not give back, and empty texts.
 */
final class FormerValues {
  private final BackTable table;
  private final Findings warnings;

  private FormerValues(BackTable table, Findings warnings) {
    this.table = table;
    this.warnings = warnings;
  }

  /** Warns of what the earlier move saw, or the file shows, and is not there any more. */
  static void warn(BackTable table, EarlierMove earlier, Findings warnings) {
    FormerValues former = new FormerValues(table, warnings);
    for (BackColumn column : table.stored()) {
      // Otherwise each row was looked up, and what differs from the file was changed since.
      if (!column.retained || table.key().isEmpty()) {
        former.look(column, earlier.column(table.sqlite.name(), column.sqlite.name()));
      }
    }
  }

  private void look(BackColumn column, JsonNode before) {
    JsonNode rules = before.path("rules");
    long emptied =
        rules.path("empty-text-to-null").asLong() + rules.path("blank-text-to-null").asLong();
    long empty = Math.min(Math.max(column.emptied, emptied), column.written(Storage.NULL));
    String name = table.sqlite.name();
    if (empty > 0) {
      warnings.addAll(
          name,
          column.sqlite.name(),
          "empty-text-not-kept",
          empty,
          List.of(),
          "at most so many of the NULLs were empty texts");
    }
    long lost = 0;
    List<String> classes = new ArrayList<>();
    for (Storage one : Storage.values()) {
      String word = one.name().toLowerCase(Locale.ROOT);
      long had = before.path("storage").path(word).asLong() - before.path("rejected").asLong();
      had -= one == Storage.TEXT ? emptied : 0;
      if (one != Storage.NULL && had > 0 && column.written(one) == 0 && column.values() > 0) {
        lost += had;
        classes.add(had + " were " + word);
      }
    }
    if (lost > 0) {
      warnings.addAll(
          name,
          column.sqlite.name(),
          "storage-class-not-kept",
          lost,
          List.of(),
          String.join(", ", classes) + " when they were moved to PostgreSQL, and now none is");
    }
  }
}
