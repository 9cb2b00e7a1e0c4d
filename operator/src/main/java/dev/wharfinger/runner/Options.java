package dev.wharfinger.runner;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Options of one command: {@code --name value}, repeatable, and {@code --flag}. */
final class Options {
  private final Map<String, List<String>> values = new HashMap<>();
  private final Set<String> flags = new HashSet<>();

  /**
   * Reads the arguments.
   *
   * @param valued names that take a value
   * @param flagged names that take none
   */
  static Options parse(List<String> args, Set<String> valued, Set<String> flagged) {
    Options options = new Options();
    for (int i = 0; i < args.size(); i++) {
      String name = args.get(i);
      if (flagged.contains(name)) {
        options.flags.add(name);
      } else if (!valued.contains(name)) {
        throw new UsageException("unknown option " + name);
      } else if (i + 1 == args.size()) {
        throw new UsageException(name + " needs a value");
      } else {
        options.values.computeIfAbsent(name, key -> new ArrayList<>()).add(args.get(++i));
      }
    }
    return options;
  }

  String required(String name) {
    return optional(name).orElseThrow(() -> new UsageException(name + " is missing"));
  }

  Optional<String> optional(String name) {
    return all(name).stream().reduce((first, last) -> last);
  }

  List<String> all(String name) {
    return values.getOrDefault(name, List.of());
  }

  boolean has(String flag) {
    return flags.contains(flag);
  }
}
