package dev.wharfinger.e2e;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A pod that writes bill after bill into the application, as its users would, and notes which the
 * application said it had kept, and when.
 */
final class Prober {
  private static final String POD = "prober";
  private static final String SCRIPT =
      """
      import itertools, time, urllib.parse, urllib.request
      for n in itertools.count(1):
          fields = {"date": "2026-08-02", "what": f"probe-{n}", "payer": 1, "payed_for": 1,
                    "amount": 1, "original_currency": "XXX"}
          request = urllib.request.Request("http://budget/api/projects/%s/bills",
              urllib.parse.urlencode(fields).encode(), {"Authorization": "%s"})
          try:
              urllib.request.urlopen(request, timeout=5).read()
              print(f"{time.time():.3f} kept probe-{n}", flush=True)
          except Exception as e:
              print(f"{time.time():.3f} lost probe-{n} {e}", flush=True)
          time.sleep(0.1)
      """
          .formatted(Budget.PROJECT, Budget.authorization());

  private final Story story;
  // Once it is stopped.
  private @Nullable String log;

  private Prober(Story story) {
    this.story = story;
  }

  /** Starts it and waits until the first bill is kept. */
  static Prober start(Story story) {
    String yaml =
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: prober}
        spec:
          automountServiceAccountToken: false
          terminationGracePeriodSeconds: 1
          securityContext: {runAsNonRoot: true, runAsUser: 1000, seccompProfile: {type: RuntimeDefault}}
          containers:
            - name: prober
              image: registry.local/ihatemoney:1
              command: [python3, -c]
              args:
                - |
        %s
              securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
        """
            .formatted(SCRIPT.indent(10));
    Shell.run("kubectl", "apply", "-n", story.namespace(), "-f", Resources.file(yaml));
    Prober prober = new Prober(story);
    story.pods().awaitReady(POD);
    prober.awaitAnotherKept();
    return prober;
  }

  /** Waits until one more bill is kept. */
  void awaitAnotherKept() {
    int before = kept().size();
    await("another bill kept").atMost(Duration.ofMinutes(2)).until(() -> kept().size() > before);
  }

  /** The texts of the bills that the application said it had kept. */
  List<String> kept() {
    return lines().map(line -> line[2]).toList();
  }

  /** The longest time between two bills that were kept, in seconds. */
  double longestGap() {
    double longest = 0;
    double last = Double.NaN;
    for (double at : lines().mapToDouble(line -> Double.parseDouble(line[0])).toArray()) {
      longest = Double.isNaN(last) ? longest : Math.max(longest, at - last);
      last = at;
    }
    return longest;
  }

  /** Nothing is written any more once this returns. */
  void stop() {
    log = story.pods().log(POD);
    // Without force: that would not wait for the process to end.
    Shell.run("kubectl", "delete", "pod", POD, "-n", story.namespace(), "--timeout=60s");
  }

  private Stream<String[]> lines() {
    String text = log == null ? story.pods().log(POD) : log;
    return text.lines().map(line -> line.split(" ")).filter(words -> words[1].equals("kept"));
  }
}
