package dev.wharfinger.e2e.fault;

import dev.wharfinger.e2e.Figures;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Runs of scenarios: golden ones without faults, and those that are spoiled at one point. */
final class Runs {
  private static final Map<String, Golden> GOLDEN = new ConcurrentHashMap<>();

  private Runs() {}

  /**
   * What a scenario does when nothing goes wrong.
   *
   * @param writes the writes of both golden runs, in order, each as often as in both
   * @param end where it ends
   */
  record Golden(List<Point> writes, Map<String, String> end) {}

  /**
   * How a spoiled run went.
   *
   * @param recovery seconds from the fault to the scenario's end; null where the point was not
   *     reached
   */
  record Outcome(@Nullable Double recovery) {}

  /** Two runs of a scenario without faults, which must not differ. */
  static Golden golden(Scenario scenario) {
    return GOLDEN.computeIfAbsent(scenario.name(), name -> twice(scenario));
  }

  private static Golden twice(Scenario scenario) {
    List<List<Point>> writes = new ArrayList<>();
    List<Map<String, String>> ends = new ArrayList<>();
    for (int run = 1; run <= 2; run++) {
      try (Lane lane = Lane.open(prefix(scenario))) {
        scenario.prepare().accept(lane);
        Rest.await(lane);
        int begin = lane.history().size();
        double looks = Rest.ended(lane.operator().metrics());
        scenario.act().accept(lane);
        if (run == 1) {
          figures(scenario, lane, begin, looks);
        }
        Rest.await(lane);
        judge(lane, scenario.name() + ", golden");
        writes.add(writes(scenario, lane, begin));
        ends.add(EndState.of(lane));
      }
    }
    String difference = EndState.difference(ends.getFirst(), ends.getLast());
    if (!difference.isEmpty()) {
      throw new AssertionError(
          "two runs of " + scenario.name() + " without any fault end differently:\n" + difference);
    }
    Set<Point> both = new LinkedHashSet<>(writes.getFirst());
    both.retainAll(writes.getLast());
    return new Golden(List.copyOf(both), ends.getFirst());
  }

  /** What a run of the reconciler costs the API server; watches are not counted. */
  private static void figures(Scenario scenario, Lane lane, int begin, double before) {
    List<ApiRequest> requests =
        lane.history().requests(begin).filter(r -> !r.verb().equals("watch")).toList();
    double looks = Rest.ended(lane.operator().metrics()) - before;
    Figures.note(
        "API calls, " + scenario.name(),
        "%d in %.0f looks, %d of them writes"
            .formatted(
                requests.size(), looks, requests.stream().filter(ApiRequest::counts).count()));
  }

  private static String prefix(Scenario scenario) {
    return scenario.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }

  private static List<Point> writes(Scenario scenario, Lane lane, int begin) {
    Map<String, Integer> counts = new HashMap<>();
    List<Point> points = new ArrayList<>();
    lane.history()
        .writes(begin)
        .forEach(request -> {
          String write = Point.write(request);
          int nth = counts.merge(write, 1, Integer::sum);
          if (request.applied()) {
            points.add(new Point(scenario.name(), write, nth, Point.Mode.LOST));
          }
        });
    return points;
  }

  /** Runs a scenario with a fault at a point, and judges where it ends. */
  static Outcome spoiled(Point point) {
    Scenario scenario = Scenario.named(point.scenario());
    Golden golden = golden(scenario);
    try (Lane lane = Lane.open(prefix(scenario))) {
      Crash crash = new Crash(lane, point);
      double recovery = 0;
      try {
        scenario.prepare().accept(lane);
        Rest.await(lane);
        lane.proxy().add(crash);
        scenario.act().accept(lane);
        Long at = crash.at();
        if (at == null) {
          return new Outcome(null);
        }
        recovery = (System.nanoTime() - at) / (double) TimeUnit.SECONDS.toNanos(1);
        Rest.await(lane);
      } catch (Throwable e) {
        judge(lane, point.toString());
        throw new AssertionError(
            "%s: %s\n%s"
                .formatted(
                    point, e.getMessage(), lane.history().prefix(Integer.MAX_VALUE - 1, 120)),
            e);
      }
      judge(lane, point.toString());
      String difference = EndState.difference(golden.end(), EndState.of(lane));
      if (!difference.isEmpty()) {
        throw new AssertionError(
            "%s ends elsewhere than without it:\n%s\n%s"
                .formatted(point, difference, lane.history().prefix(lane.history().size(), 120)));
      }
      return new Outcome(recovery);
    }
  }

  /** The invariants, and the ledger. */
  static void judge(Lane lane, String what) {
    Invariants.Broken broken = lane.invariants().first();
    if (broken != null) {
      throw new AssertionError(
          "%s: %s\nthe shortest history that shows it:\n%s"
              .formatted(what, broken.text(), lane.history().prefix(broken.number(), 200)));
    }
    List<String> missing = Ledger.missing(lane);
    if (!missing.isEmpty()) {
      throw new AssertionError(
          "%s: I2: rows that were acknowledged are not where the binding points: %s\n%s"
              .formatted(
                  what,
                  missing.stream().limit(5).collect(Collectors.joining(", ")),
                  lane.history().prefix(lane.history().size(), 200)));
    }
  }
}
