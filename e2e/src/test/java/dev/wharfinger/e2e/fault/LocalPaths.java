package dev.wharfinger.e2e.fault;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the runner's arguments in a pod mean on this machine: a SQLite file even where the rest of
 * the world sees a server.
 */
record LocalPaths(Program.Start start) {
  private static final String DATA = "/data/";
  private static final String FILE = "sqlite:///";

  /** Whether the pod works on a SQLite file. */
  boolean sqlite() {
    return start.after("--to").startsWith(FILE);
  }

  /** The rows that it works beside, or null where they cannot be reached. */
  @Nullable Store store() {
    return sqlite() ? start.world().file(start.claim()) : start.connect();
  }

  /** The file with the tables. */
  Path database(Store store) {
    return store instanceof Store.Postgres server
        ? Volumes.file(server.volume, Volumes.SERVER)
        : Volumes.file(start.claim(), start.after("--to").substring((FILE + DATA).length()));
  }

  /**
   * The runner's options.
   *
   * @param container all arguments of the container: main class and command come first
   * @param files where its migrations are, if it has any
   */
  List<String> options(List<String> container, Store store, @Nullable Path files) {
    List<String> options = new ArrayList<>();
    String before = "";
    for (String argument : container.subList(2, container.size())) {
      options.add(
          switch (before) {
            case "--to" -> FILE + database(store);
            case "--locations" -> String.valueOf(files);
            case "--copy-to", "--prune-copies" -> onVolume(argument).toString();
            default -> expanded(argument);
          });
      before = argument;
    }
    return options;
  }

  /** Where a path below the data directory of the pod is. */
  Path onVolume(String argument) {
    return Volumes.directory(start.claim()).resolve(expanded(argument).substring(DATA.length()));
  }

  /** As the kubelet does with variables of the container. */
  private String expanded(String argument) {
    String text = argument;
    for (Map.Entry<String, String> variable : start.environment().entrySet()) {
      text = text.replace("$(" + variable.getKey() + ")", variable.getValue());
    }
    return text;
  }
}
