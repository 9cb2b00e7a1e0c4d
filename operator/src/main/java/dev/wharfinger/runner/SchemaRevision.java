package dev.wharfinger.runner;

import dev.wharfinger.runner.schema.Revisions;
import dev.wharfinger.runner.schema.SchemaDatabase;
import dev.wharfinger.runner.schema.SchemaException;
import dev.wharfinger.runner.schema.SchemaResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code schema-revision}: of which revision a schema is, as the tables of migration tools say.
 * Only reads, and holds nobody up. With {@code --copy-to} it makes a verified copy of a SQLite file
 * besides, for somebody who is to change it next; with {@code --prune-copies} it deletes the oldest
 * of such copies, after somebody has.
 */
final class SchemaRevision implements Command {
  static final Set<String> VALUED = Set.of("--to", "--copy-to", "--prune-copies", "--result");

  private final Map<String, String> environment;

  SchemaRevision(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public int run(Options options) throws IOException {
    try {
      SchemaDatabase database = MigrateSchema.database(options.required("--to"), environment);
      List<Revisions> found = database.revisions();
      for (Revisions tool : found) {
        System.out.println(tool.tool() + ": " + tool.current());
        tool.history().forEach(revision -> System.out.println("  " + revision));
      }
      if (found.isEmpty()) {
        System.out.println("no migration tool has left a table with rows");
      }
      Optional<String> copyTo = options.optional("--copy-to");
      String copy = copyTo.isPresent() ? database.copy(Path.of(copyTo.get())) : null;
      options.optional("--prune-copies").map(Path::of).ifPresent(database::prune);
      MigrateSchema.tell(options, result(found, copy));
      return ExitCode.DONE;
    } catch (SchemaException e) {
      System.err.println("schema-revision: " + e.getMessage());
      MigrateSchema.tell(
          options, new SchemaResult(e.code(), String.valueOf(e.getMessage()), "", null, 0, null));
      return e.mayPass() ? ExitCode.FAILED : ExitCode.REFUSED;
    }
  }

  /** Of several tools the first; one of them is most often left over from before the others. */
  private static SchemaResult result(List<Revisions> found, @Nullable String copy) {
    if (found.isEmpty()) {
      return new SchemaResult("read", "no migration tool has left a table", "", null, 0, copy);
    }
    Revisions first = found.getFirst();
    String words =
        String.join("; ", found.stream().map(r -> r.tool() + " " + r.current()).toList());
    return new SchemaResult(
        "read", words, first.tool(), first.current(), first.history().size(), copy);
  }
}
