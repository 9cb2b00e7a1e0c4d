package dev.wharfinger.runner;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Runs one command and ends with its exit code. */
public final class RunnerMain {

  private record Entry(Command command, Set<String> valued, Set<String> flags) {}

  private static final Map<String, Entry> COMMANDS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry(
                  "init-sqlite",
                  new Entry(
                      new InitSqlite(),
                      Set.of("--directory", "--database", "--journal-mode", "--require"),
                      Set.of())),
              Map.entry(
                  "transfer",
                  new Entry(new TransferCommand(), TransferCommand.VALUED, TransferCommand.FLAGS)),
              Map.entry(
                  "rollback",
                  new Entry(new RollbackCommand(), RollbackCommand.VALUED, RollbackCommand.FLAGS)),
              Map.entry(
                  "transfer-abort", new Entry(new TransferAbort(), TransferAbort.VALUED, Set.of())),
              Map.entry(
                  "probe",
                  new Entry(
                      new ProbeCommand(System.getenv()), ProbeCommand.VALUED, ProbeCommand.FLAGS)),
              Map.entry(
                  "change-password",
                  new Entry(new ChangePassword(System.getenv()), ChangePassword.VALUED, Set.of())),
              Map.entry(
                  "schema-revision",
                  new Entry(new SchemaRevision(System.getenv()), SchemaRevision.VALUED, Set.of())),
              Map.entry(
                  "backup",
                  new Entry(new BackupCommand(), BackupCommand.VALUED, BackupCommand.FLAGS)),
              Map.entry("verify", new Entry(new VerifyCommand(), VerifyCommand.VALUED, Set.of())),
              Map.entry(
                  "drill", new Entry(new DrillCommand(), DrillCommand.VALUED, DrillCommand.FLAGS)),
              Map.entry("delete", new Entry(new DeleteCommand(), DeleteCommand.VALUED, Set.of())),
              Map.entry("list", new Entry(new ListCommand(), ListCommand.VALUED, Set.of())),
              Map.entry(
                  "restore",
                  new Entry(new RestoreCommand(), RestoreCommand.VALUED, RestoreCommand.FLAGS)),
              Map.entry("swap", new Entry(new SwapCommand(), SwapCommand.VALUED, Set.of())),
              Map.entry(
                  "migrate-schema",
                  new Entry(
                      new MigrateSchema(System.getenv()),
                      MigrateSchema.VALUED,
                      MigrateSchema.FLAGS))));

  private static final Set<String> HELP = Set.of("help", "--help", "-h");

  private RunnerMain() {}

  /** See {@code help}. */
  public static void main(String[] args) {
    int code = run(Arrays.asList(args));
    System.out.flush();
    System.err.flush();
    // No shutdown work: closing a SQLite database that is not ours would write its log into it.
    Runtime.getRuntime().halt(code);
  }

  static int run(List<String> args) {
    if (!args.isEmpty() && HELP.contains(args.getFirst())) {
      System.out.println(Usage.TEXT);
      return ExitCode.DONE;
    }
    if (args.equals(List.of("version"))) {
      String version = RunnerMain.class.getPackage().getImplementationVersion();
      System.out.println("wharfinger " + (version == null ? "(not packaged)" : version));
      return ExitCode.DONE;
    }
    Entry entry = args.isEmpty() ? null : COMMANDS.get(args.getFirst());
    if (entry == null) {
      System.err.println(
          "usage: wharfinger COMMAND …, commands: "
              + String.join(", ", COMMANDS.keySet())
              + ", help, version");
      return ExitCode.USAGE;
    }
    try {
      return entry
          .command()
          .run(Options.parse(args.subList(1, args.size()), entry.valued(), entry.flags()));
    } catch (UsageException e) {
      System.err.println(args.getFirst() + ": " + Usage.scrub(String.valueOf(e.getMessage())));
      return ExitCode.USAGE;
    } catch (Exception | LinkageError | OutOfMemoryError e) {
      System.err.println(
          args.getFirst() + " failed: " + Usage.scrub(String.valueOf(e.getMessage())));
      return ExitCode.FAILED;
    }
  }
}
