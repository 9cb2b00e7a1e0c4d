package dev.wharfinger.runner;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wharfinger.runner.failpoint.Failpoint;
import dev.wharfinger.runner.transfer.Progress;
import dev.wharfinger.runner.transfer.Report;
import dev.wharfinger.runner.transfer.backward.BackwardMove;
import dev.wharfinger.runner.transfer.backward.BackwardOptions;
import dev.wharfinger.runner.transfer.backward.FileRecord;
import dev.wharfinger.runner.transfer.backward.Profile;
import dev.wharfinger.runner.transfer.backward.TargetFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** {@code transfer} from PostgreSQL to SQLite. */
final class BackwardCommand {
  private static final List<String> OWN = List.of("--like", "--compare", "--profile", "--format");

  /** Not closed: writers are kept away from PostgreSQL until the process ends. */
  private static final AtomicReference<BackwardMove> HELD = new AtomicReference<>();

  private BackwardCommand() {}

  /** Whether the move is to go this way. */
  static boolean asked(Options options) {
    return options.optional("--from").orElse("").startsWith("postgres")
        && options.optional("--to").orElse("").startsWith("sqlite:");
  }

  /** What makes sense on this way only. */
  static void refuseOptions(Options options) {
    for (String name : OWN) {
      if (options.optional(name).isPresent()) {
        throw new UsageException(name + " is for moves to SQLite");
      }
    }
    if (options.has("--allow-other-sessions")) {
      throw new UsageException("--allow-other-sessions is for moves to SQLite");
    }
  }

  static Supplier<Report> move(Options options, Progress progress) {
    for (String name : List.of("--replace-target-rows", "--replace-former-transfer")) {
      if (options.has(name)) {
        throw new UsageException(name + " is for moves to PostgreSQL");
      }
    }
    for (String name :
        List.of("--snapshot-dir", "--policy", "--large", "--workers", "--chunk-size")) {
      if (options.optional(name).isPresent()) {
        throw new UsageException(name + " is for moves to PostgreSQL");
      }
    }
    boolean dryRun = TransferCommand.dryRun(options);
    if (options.optional("--compare").isPresent() && !dryRun) {
      throw new UsageException("--compare needs --dry-run");
    }
    BackwardOptions move =
        new BackwardOptions(
            TransferCommand.postgres(options, "--from"),
            options.optional("--target-schema"),
            TransferCommand.sqlite(options, "--to"),
            options.optional("--operation").map(TransferCommand::uuid).orElseGet(UUID::randomUUID),
            dryRun,
            TransferCommand.derive(options),
            options.optional("--like").map(file -> Path.of(file).toAbsolutePath()),
            options.optional("--compare").map(file -> Path.of(file).toAbsolutePath()),
            profile(options),
            formats(options),
            options.has("--allow-other-sessions"));
    BackwardMove backward = new BackwardMove(move, progress);
    HELD.set(backward);
    return backward::run;
  }

  /** Whether what a move has locked is locked still; SQLite's lock goes with the process only. */
  static boolean holds() {
    BackwardMove move = HELD.get();
    return move == null || move.holds();
  }

  private static Map<String, List<String>> profile(Options options) {
    if (options.optional("--profile").isEmpty()) {
      return Map.of();
    }
    try {
      Path file = Path.of(options.required("--profile"));
      return Profile.of(new ObjectMapper().readTree(Files.readString(file)));
    } catch (IOException e) {
      throw new UsageException("--profile is no file that can be read, or no JSON");
    }
  }

  private static Map<String, String> formats(Options options) {
    Map<String, String> formats = new HashMap<>();
    for (String one : options.all("--format")) {
      int sign = one.indexOf('=');
      if (sign < 1) {
        throw new UsageException("--format is TABLE.COLUMN=FORMAT");
      }
      formats.put(one.substring(0, sign), one.substring(sign + 1));
    }
    return formats;
  }

  /** As {@code transfer-abort} for PostgreSQL: certain, or not at all. */
  static int abort(Path target, UUID operation, int wait)
      throws IOException, SQLException, InterruptedException {
    long end = System.nanoTime() + wait * 1_000_000_000L;
    try (TargetFiles files = new TargetFiles(target, operation)) {
      while (!files.decide()) {
        if (System.nanoTime() > end) {
          return ExitCode.FAILED;
        }
        Thread.sleep(100);
      }
      Failpoint.at("before-abort");
      boolean committed = FileRecord.holds(target, operation);
      if (!committed) {
        files.abort();
      }
      System.out.println(
          "{\"event\":\"outcome\",\"outcome\":\"" + (committed ? "committed" : "aborted") + "\"}");
      return committed ? TransferAbort.COMMITTED : ExitCode.DONE;
    }
  }
}
