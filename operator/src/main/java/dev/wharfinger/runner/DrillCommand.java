package dev.wharfinger.runner;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wharfinger.runner.backup.BackupException;
import dev.wharfinger.runner.backup.RequiredKeys;
import dev.wharfinger.runner.backup.SetList;
import dev.wharfinger.runner.backup.StoredSet;
import dev.wharfinger.runner.backup.Warnings;
import dev.wharfinger.runner.backup.drill.DrillFindings;
import dev.wharfinger.runner.backup.drill.PostgresDrill;
import dev.wharfinger.runner.backup.drill.SqliteDrill;
import dev.wharfinger.runner.backup.postgresql.PostgresRestore;
import dev.wharfinger.runner.backup.seal.Identities;
import dev.wharfinger.runner.backup.sqlite.SqliteBackup;
import dev.wharfinger.runner.backup.sqlite.VolumeFilesRestore;
import dev.wharfinger.runner.backup.store.ObjectStore;
import dev.wharfinger.runner.transfer.postgresql.PostgresUrl;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * {@code drill}: restores a set for a try, compares all of it, and damages copies to see whether
 * that is noticed.
 */
final class DrillCommand implements Command {
  static final Set<String> VALUED =
      TargetArguments.with(
          "--from",
          "--set",
          "--scratch",
          "--to",
          "--programs",
          "--identity-file",
          "--key",
          "--report",
          "--result",
          "--progress");

  static final Set<String> FLAGS = Set.of("--no-owner");

  @Override
  public int run(Options options) throws Exception {
    String asked = options.optional("--set").map(id -> BackupArguments.id("--set", id)).orElse("");
    Identities identities = BackupArguments.identities(options);
    Map<String, Path> keys = BackupArguments.keys(options);
    Path scratch =
        BackupArguments.directory(options, "--scratch")
            .orElseThrow(() -> new UsageException("--scratch is missing"));
    Optional<PostgresUrl> database =
        options.optional("--to").isPresent()
            ? Optional.of(BackupArguments.server(options, "--to"))
            : Optional.empty();
    ObjectStore store = TargetArguments.store(options, "--from");
    BackupOutput output = new BackupOutput("drill", options);
    try (store) {
      return output.conclude(() -> {
        Instant now = Instant.now();
        String id = asked.isEmpty() ? newest(store) : asked;
        output.at("drilling", id);
        StoredSet set = StoredSet.open(store, id);
        output.put("set", set.manifest());
        Warnings warnings = new Warnings();
        RequiredKeys required = new RequiredKeys(keys, others(set, keys));
        DrillFindings findings =
            database.isPresent()
                ? postgres(
                        set,
                        identities,
                        database.get(),
                        options,
                        () -> {
                          if (VolumeFilesRestore.in(set)) {
                            new VolumeFilesRestore(set, identities, output, warnings)
                                .rehearse(scratch);
                          }
                        },
                        output)
                    .run(scratch, required, warnings)
                : sqlite(set, identities, output, warnings).run(scratch, required);
        output.warnings(warnings);
        output.put("drill", told(set, findings, now));
        output.outcome(
            "proven",
            "",
            "set %s was restored for a try in %d s and is as it was at %s; each damage made on purpose was noticed"
                .formatted(
                    id,
                    findings.restore().toSeconds(),
                    set.manifest().path("consistentAt").asText()));
      });
    }
  }

  private static SqliteDrill sqlite(
      StoredSet set, Identities identities, BackupOutput output, Warnings warnings)
      throws BackupException {
    if (!set.manifest().path("engine").asText().equals(SqliteBackup.ENGINE)) {
      throw BackupException.refused(
          "other-engine",
          "set %s is not of SQLite: name an empty database to restore it into for a try, --to postgresql://…"
              .formatted(set.id()));
    }
    return new SqliteDrill(set, identities, output, warnings);
  }

  private static PostgresDrill postgres(
      StoredSet set,
      Identities identities,
      PostgresUrl database,
      Options options,
      PostgresRestore.Beside beside,
      BackupOutput output) {
    return new PostgresDrill(
        set,
        identities,
        database,
        new PostgresRestore(
            set,
            identities,
            database,
            !options.has("--no-owner"),
            BackupArguments.programs(options),
            beside,
            output),
        output);
  }

  private static String newest(ObjectStore store) throws IOException, BackupException {
    return SetList.of(store).stream()
        .filter(set -> set.state().equals(SetList.COMPLETED))
        .map(SetList.Entry::id)
        .findFirst()
        .orElseThrow(() ->
            BackupException.refused("set-missing", "there is no completed set in this place"));
  }

  /** Keys of the application that are not shown: that they are not tried is only a warning. */
  private static Set<String> others(StoredSet set, Map<String, Path> given) {
    Set<String> names = new TreeSet<>();
    set.manifest().path("requiredKeys").forEach(key -> names.add(key.path("name").asText()));
    names.removeAll(given.keySet());
    return names;
  }

  private static ObjectNode told(StoredSet set, DrillFindings findings, Instant now) {
    ObjectNode told = JsonNodeFactory.instance.objectNode();
    told.put("at", now.toString());
    told.put("restoreSeconds", findings.restore().toMillis() / 1000.0);
    told.put("seconds", Duration.between(now, Instant.now()).toMillis() / 1000.0);
    try {
      Instant consistentAt = Instant.parse(set.manifest().path("consistentAt").asText());
      told.put("dataAgeSeconds", Math.max(0, Duration.between(consistentAt, now).toSeconds()));
    } catch (DateTimeParseException e) {
      // Then nobody knows how old the data are, and nothing is said of it.
    }
    told.put("compared", findings.compared());
    findings.noticed().forEach(told.putArray("noticed")::add);
    return told;
  }
}
