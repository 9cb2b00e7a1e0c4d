package dev.wharfinger.e2e.fault;

import java.time.Duration;
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

  /**
   * How long the API server is away where that takes time: within an operator's patience, or not.
   */
  static Duration away() {
    return Duration.ofSeconds(Long.parseLong(property("faults.away", full() ? "600" : "20")));
  }

  /** How many instances are at rest. */
  static int instances() {
    return Integer.parseInt(property("faults.instances", full() ? "500" : small() ? "20" : "50"));
  }

  /** How long instances at rest are watched. */
  static Duration rest() {
    return Duration.ofSeconds(Long.parseLong(property("faults.rest", full() ? "600" : "20")));
  }

  /** Whether the sample is small enough to be run with everything else. */
  private static boolean small() {
    return Boolean.parseBoolean(property("faults.small", "false"));
  }

  /** What the sample is drawn by. */
  static long seed() {
    return SEED;
  }

  /** How many points of each scenario a sample has. */
  static int sample() {
    return Integer.parseInt(property("faults.sample", small() ? "1" : "5"));
  }

  /** All cases of a kind, or two of them; in a small sample one. */
  static <T> List<T> some(String name, List<T> cases) {
    return drawn(name, cases, small() ? 1 : 2);
  }

  /** All variants of a case, or one of them. */
  static <T> List<T> one(String name, List<T> variants) {
    return drawn(name, variants, 1);
  }

  private static <T> List<T> drawn(String name, List<T> cases, int number) {
    return full() || !only().isEmpty()
        ? cases
        : shuffled(name, cases).subList(0, Math.min(number, cases.size()));
  }

  /** All of them in the order of this seed. */
  static <T> List<T> shuffled(String name, List<T> cases) {
    List<T> all = new ArrayList<>(cases);
    Collections.shuffle(all, new Random(seed() ^ name.hashCode()));
    return all;
  }

  /** The name of the only case to run; empty for all. */
  static String only() {
    return property("faults.point", "");
  }

  /** The only point to run, or null. */
  static @Nullable Point point() {
    return only().contains(" @ ") ? Point.parse(only()) : null;
  }

  /**
   * Those of some scenarios that are to be run.
   *
   * @param name of them all
   * @param ofASmallSample how many a small sample has
   */
  static List<Scenario> scenarios(String name, List<Scenario> all, int ofASmallSample) {
    Point point = point();
    return only().isEmpty()
        ? drawn(name, all, small() ? ofASmallSample : all.size())
        : all.stream().filter(s -> point != null && s.name().equals(point.scenario())).toList();
  }

  /** What is red, its reason once more below the history, and how to see it again. */
  static String red(Throwable e, Object name) {
    String text = String.valueOf(e.getMessage());
    // Of a long output one often has the end only.
    return "%s\n%s\n%s".formatted(text, text.lines().findFirst().orElse(""), replay(name));
  }

  /** The command that runs a case again. */
  private static String replay(Object name) {
    return "again: ./e2e/test --faults-only --seed %d --point '%s'".formatted(SEED, name);
  }
}
