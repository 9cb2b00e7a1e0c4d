package dev.wharfinger.runner;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Options of one command: {@code --name value}, repeatable, and {@code --flag}. */
final class Options {
  private static final Pattern OPTION = Pattern.compile("^--[a-z][a-z-]{0,30}(?==|$)");
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
        throw new UsageException(unknown(name, i + 1));
      } else if (i + 1 == args.size()) {
        throw new UsageException(name + " needs a value");
      } else {
        options.values.computeIfAbsent(name, key -> new ArrayList<>()).add(args.get(++i));
      }
    }
    return options;
  }

  /** Says what is wrong without repeating a value, which may be a URL with a password. */
  private static String unknown(String argument, int place) {
    Matcher option = OPTION.matcher(argument);
    if (!option.find()) {
      return "argument " + place + " is no option; options begin with --";
    }
    return option.end() == argument.length()
        ? "unknown option " + argument
        : "an option and its value are two arguments: " + option.group() + " VALUE";
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
