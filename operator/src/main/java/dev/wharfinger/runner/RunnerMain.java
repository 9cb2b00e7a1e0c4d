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
          Map.of(
              "init-sqlite",
              new Entry(
                  new InitSqlite(),
                  Set.of("--directory", "--database", "--journal-mode", "--require"),
                  Set.of()),
              "transfer",
              new Entry(
                  new TransferCommand(),
                  Set.of(
                      "--from",
                      "--to",
                      "--report",
                      "--schema",
                      "--operation",
                      "--snapshot-dir",
                      "--progress"),
                  Set.of("--dry-run", "--hold", "--replace-target-rows")),
              "transfer-abort",
              new Entry(new AbortCommand(), Set.of("--to", "--operation"), Set.of()),
              "migrate-schema",
              new Entry(new MigrateSchema(), Set.of("--to", "--locations"), Set.of())));

  private RunnerMain() {}

  /** See {@code help}. */
  public static void main(String[] args) {
    int code = run(Arrays.asList(args));
    System.out.flush();
    System.err.flush();
    // Not exit: closing the source in a shutdown hook or finalizer would fold its write-ahead log
    // into it.
    Runtime.getRuntime().halt(code);
  }

  static int run(List<String> args) {
    Entry entry = args.isEmpty() ? null : COMMANDS.get(args.getFirst());
    if (entry == null) {
      System.err.println(
          "usage: wharfinger COMMAND …, commands: " + String.join(", ", COMMANDS.keySet()));
      return ExitCode.USAGE;
    }
    try {
      return entry
          .command()
          .run(Options.parse(args.subList(1, args.size()), entry.valued(), entry.flags()));
    } catch (UsageException e) {
      System.err.println(args.getFirst() + ": " + e.getMessage());
      return ExitCode.USAGE;
    } catch (Exception e) {
      System.err.println(args.getFirst() + " failed: " + e.getMessage());
      return ExitCode.FAILED;
    }
  }
}
