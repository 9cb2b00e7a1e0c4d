package dev.wharfinger.operator.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** That whoever waits for a moment is woken once, and not at one that was taken back. */
class WakeupsTest {
  private final Queue<String> woken = new ConcurrentLinkedQueue<>();
  private final Set<Thread> before = Thread.getAllStackTraces().keySet();
  private final Wakeups wakeups = Wakeups.start(this::wake);

  private void wake(String key) {
    woken.add(key);
    if (key.equals("broken")) {
      throw new IllegalStateException("whoever is woken does not work");
    }
  }

  @AfterEach
  void end() {
    wakeups.close();
  }

  @Test
  void aMomentThatIsOverWakesAtOnce() {
    wakeups.at("a", in(-3_600));
    await().until(() -> woken.contains("a"));
    assertThat(wakeups.next("a")).isEmpty();
  }

  @Test
  void aMomentToComeWakesOnce() {
    wakeups.at("a", now().plusMillis(200));
    wakeups.at("b", now().plusMillis(400));
    await().until(() -> woken.contains("b"));
    assertThat(woken).containsExactly("a", "b");
  }

  @Test
  void anotherMomentReplacesTheOneBefore() {
    wakeups.at("a", in(3_600));
    wakeups.at("a", in(7_200));
    assertThat(wakeups.next("a")).hasValueSatisfying(at -> assertThat(at).isAfter(in(3_700)));
    wakeups.at("a", now());
    await().until(() -> woken.contains("a"));
    wakeups.at("b", now());
    await().until(() -> woken.contains("b"));
    assertThat(woken).containsExactly("a", "b");
    assertThat(wakeups.next("a")).isEmpty();
  }

  @Test
  void theSameMomentAgainIsTheSame() {
    Instant moment = in(3_600);
    wakeups.at("a", moment);
    wakeups.at("a", moment);
    assertThat(wakeups.next("a")).contains(moment);
    wakeups.at("a", moment.minusSeconds(60));
    assertThat(wakeups.next("a")).contains(moment.minusSeconds(60));
  }

  @Test
  void whatIsForgottenIsNotWoken() {
    wakeups.at("a", in(3_600));
    wakeups.at("b", in(3_600));
    wakeups.forget("a");
    wakeups.forget("never heard of");
    assertThat(wakeups.next("a")).isEmpty();
    assertThat(wakeups.next("b")).isPresent();
  }

  /** All with the same schedule. */
  @Test
  void threeHundredAreWokenAtOneMoment() {
    Instant moment = now().plusMillis(500);
    List<String> keys = IntStream.range(0, 300).mapToObj(i -> "i" + i).toList();
    keys.forEach(key -> wakeups.at(key, moment));
    await().until(() -> woken.size() >= 300);
    assertThat(woken).containsExactlyInAnyOrderElementsOf(keys);
  }

  @Test
  void oneThatFailsKeepsNobodyAsleep() {
    wakeups.at("broken", now());
    await().until(() -> woken.contains("broken"));
    wakeups.at("a", now());
    await().until(() -> woken.contains("a"));
    wakeups.at("broken", now());
    await().until(() -> woken.size() == 3);
  }

  @Test
  void itsThreadsKeepNoProcessAliveAndEndWithIt() {
    assertThat(threads()).isNotEmpty().allMatch(Thread::isDaemon);
    wakeups.at("a", in(3_600));
    wakeups.close();
    await().until(() -> threads().isEmpty());
    // What is said to it afterwards is not heard, and nobody dies of that.
    wakeups.at("b", now());
    wakeups.forget("b");
    wakeups.close();
    assertThat(woken).isEmpty();
  }

  private Set<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> !before.contains(thread) && thread.getName().startsWith("wakeups-"))
        .collect(Collectors.toSet());
  }

  private static Instant in(int seconds) {
    return now().plus(Duration.ofSeconds(seconds));
  }

  /** As the timer counts. */
  private static Instant now() {
    return Instant.ofEpochMilli(Clock.systemUTC().millis());
  }
}
