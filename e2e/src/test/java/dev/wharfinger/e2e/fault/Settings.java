package dev.wharfinger.e2e.fault;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** How much of it is run, by system properties that {@code e2e/test} sets. */
final class Settings {
  private static final long SEED =
      Long.parseLong(property("faults.seed", Long.toString(System.currentTimeMillis() % 100_000)));

  private Settings() {}

  private static String property(String name, String otherwise) {
    String value = System.getProperty(name, "");
    return value.isEmpty() ? otherwise : value;
  }

  /** Whether everything is run, and not a sample. */
  static boolean full() {
    return Boolean.parseBoolean(property("faults.full", "false"));
  }

  /** What the sample is drawn by. */
  static long seed() {
    return SEED;
  }

  /** How many points of each scenario a sample has. */
  static int sample() {
    return Integer.parseInt(property("faults.sample", "5"));
  }

  /** All cases of a kind, or two of them. */
  static <T> List<T> some(String name, List<T> cases) {
    if (full() || !only().isEmpty()) {
      return cases;
    }
    List<T> some = new ArrayList<>(cases);
    Collections.shuffle(some, new Random(seed() ^ name.hashCode()));
    return some.subList(0, Math.min(2, some.size()));
  }

  /** The name of the only case to run; empty for all. */
  static String only() {
    return property("faults.point", "");
  }

  /** The only point to run, or null. */
  static @Nullable Point point() {
    return only().contains(" @ ") ? Point.parse(only()) : null;
  }

  /** The scenarios to run. */
  static List<Scenario> scenarios() {
    Point point = point();
    return only().isEmpty()
        ? Scenario.all()
        : point == null ? List.of() : List.of(Scenario.named(point.scenario()));
  }

  /** The command that runs a case again. */
  static String replay(Object name) {
    return "again: ./e2e/test --faults-only --seed %d --point '%s'".formatted(SEED, name);
  }
}
