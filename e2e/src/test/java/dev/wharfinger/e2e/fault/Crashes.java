package dev.wharfinger.e2e.fault;

import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.wharfinger.e2e.fault.Point.Mode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.opentest4j.TestAbortedException;

/** Scenarios as tests: each is spoiled at every write of its golden runs in every mode. */
final class Crashes {
  private Crashes() {}

  static Stream<DynamicContainer> of(List<Scenario> scenarios) {
    return scenarios.stream()
        .map(scenario ->
            dynamicContainer(
                scenario.name(),
                // Evaluated as late as this: the golden runs belong to the scenario's own time.
                Stream.of(scenario).flatMap(s -> points(s).stream().map(Crashes::test))));
  }

  private static DynamicTest test(Point point) {
    return dynamicTest(
        point.toString(),
        () -> {
          Double recovery;
          try {
            recovery = Runs.spoiled(point).recovery();
          } catch (Throwable e) {
            Table.red(point.scenario());
            throw new AssertionError(Settings.red(e, point), e);
          }
          if (recovery == null) {
            Table.notReached(point.scenario());
            throw new TestAbortedException("this run had no such write");
          }
          Table.green(point.scenario(), recovery);
        });
  }

  /** All points of a scenario, or a sample of them. */
  private static List<Point> points(Scenario scenario) {
    Point only = Settings.point();
    if (only != null) {
      return List.of(only);
    }
    List<Point> all = new ArrayList<>();
    for (Point write : Runs.golden(scenario).writes()) {
      for (Mode mode : Mode.values()) {
        all.add(new Point(write.scenario(), write.write(), write.nth(), mode));
      }
    }
    if (Settings.full()) {
      return all;
    }
    Collections.shuffle(all, new Random(Settings.seed() ^ scenario.name().hashCode()));
    return all.subList(0, Math.min(all.size(), Settings.sample()));
  }
}
