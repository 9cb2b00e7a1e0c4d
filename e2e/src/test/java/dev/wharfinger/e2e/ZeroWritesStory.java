package dev.wharfinger.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Isolated;

/** At rest the operator writes nothing but its lease. */
@Isolated("it counts the writes of the whole cluster")
class ZeroWritesStory {
  private static final Duration REST = Duration.ofSeconds(65);

  /** Kinds that the operator may write. On a cluster of its own nobody else writes them at rest. */
  private static final Pattern WRITES =
      Pattern.compile(
          "apiserver_request_total\\{(?=[^}]*resource=\"(storageinstances|storagemigrations|secrets|configmaps"
              + "|services|persistentvolumeclaims|statefulsets|deployments|daemonsets|cronjobs|jobs|pods|events)\")"
              + "(?=[^}]*verb=\"(POST|PUT|PATCH|APPLY|DELETE)\")[^}]*} (\\S+)");

  @RegisterExtension static final Story story = new Story("rest", 1);

  @Test
  void nothingIsWrittenAtRest() {
    story.apply("sqlite");
    Figures.seconds("SQLite, time to Ready", story.instance("notes").awaitReady());
    story.apply("postgresql");
    Figures.seconds("PostgreSQL, time to Ready", story.instance("orders").awaitReady());
    story.pods().awaitReady("notes-client");
    story.pods().awaitReady("orders-client");
    awaitQuiet();

    Map<String, Double> before = writes();
    String versions = versions();
    Instant end = Instant.now().plus(REST);
    Awaitility.await()
        .atMost(REST.plusSeconds(30))
        .pollInterval(Duration.ofSeconds(1))
        .until(() -> Instant.now().isAfter(end));

    Figures.note("API writes at rest, in " + REST.toSeconds() + " s", grown(before, writes()) + "");
    Figures.note("operator, memory at rest", story.operator().memory());
    assertThat(grown(before, writes())).isEmpty();
    assertThat(versions()).isEqualTo(versions);
  }

  /** The kubelet and the controllers finish what they had begun. */
  private static void awaitQuiet() {
    Map<String, Double> last = new TreeMap<>();
    Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofSeconds(5))
        .until(() -> {
          Map<String, Double> now = writes();
          boolean quiet = now.equals(last);
          last.clear();
          last.putAll(now);
          return quiet;
        });
  }

  private static String versions() {
    return Shell.run(
        "kubectl",
        "get",
        "-n",
        story.namespace(),
        "storageinstances,storagemigrations,secrets,configmaps,services,pvc,statefulsets,jobs,pods",
        "-o",
        "jsonpath={range .items[*]}{.kind}/{.metadata.name} {.metadata.resourceVersion}{\"\\n\"}{end}");
  }

  /** How often each kind was written, as the API server counts; writes without effect included. */
  private static Map<String, Double> writes() {
    Map<String, Double> writes = new TreeMap<>();
    Matcher matcher = WRITES.matcher(story.client().raw("/metrics"));
    while (matcher.find()) {
      writes.merge(matcher.group(1), Double.parseDouble(matcher.group(3)), Double::sum);
    }
    return writes;
  }

  private static Map<String, Double> grown(Map<String, Double> before, Map<String, Double> after) {
    Map<String, Double> grown = new TreeMap<>();
    after.forEach((kind, count) -> {
      double more = count - before.getOrDefault(kind, 0.0);
      if (more > 0) {
        grown.put(kind, more);
      }
    });
    return grown;
  }
}
