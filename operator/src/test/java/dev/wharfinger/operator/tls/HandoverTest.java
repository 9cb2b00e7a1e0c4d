package dev.wharfinger.operator.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Between authorities that know nothing of each other no client meets what it cannot verify. */
class HandoverTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration RUN = Duration.ofMinutes(10);

  private final Authority own = Authority.make(START.minus(Duration.ofDays(1)));
  private final Authority given = Authority.make(START.minus(Duration.ofDays(500)));

  private Map<String, String> server = data(own, START);

  /** What is in the binding, and what running pods have of it: the kubelet is a run behind. */
  private String told = text(server, "ca.crt");

  private String mounted = told;

  private static Map<String, String> data(Authority by, Instant at) {
    return Served.data(by.issue(List.of("db"), at), new Authorities(by, null).bundle());
  }

  private void run(Map<String, String> wanted, Instant now) {
    mounted = told;
    server = Handover.due(server, wanted, told, now);
    told = text(server, "ca.crt");
    assertThat(verifies(mounted, now)).as("%s", now).isTrue();
    assertThat(verifies(told, now)).as("%s", now).isTrue();
  }

  @Test
  void bothAreTrustedBeforeTheNewOneIsShownAndForAMonthAfter() {
    Map<String, String> wanted = data(given, START);
    run(wanted, START);
    assertThat(shownBy(own)).isTrue();
    run(wanted, START.plus(Duration.ofMinutes(1)));
    assertThat(shownBy(own)).isTrue();
    run(wanted, START.plus(RUN));
    assertThat(shownBy(given)).isTrue();
    assertThat(Served.of(server).trusted()).hasSize(2);
    Map<String, String> between = server;
    run(wanted, START.plus(Duration.ofDays(29)));
    assertThat(server).isEqualTo(between);
    run(wanted, START.plus(Duration.ofDays(31)));
    assertThat(server).isEqualTo(wanted);
  }

  /** There and back and to a third, at any time in between. */
  @Test
  void whoeverChangesHisMindLocksNobodyOut() {
    Authority third = Authority.make(START.minus(Duration.ofDays(2)));
    List<Map<String, String>> turns =
        List.of(data(given, START), data(own, START), data(third, START), data(own, START));
    for (int pace = 1; pace <= 4; pace++) {
      Instant now = START;
      for (Map<String, String> turn : turns) {
        for (int i = 0; i < pace; i++) {
          run(turn, now);
          now = now.plus(RUN.dividedBy(2));
        }
      }
      for (int i = 0; i < 5; i++) {
        run(turns.getLast(), now);
        now = now.plus(RUN);
      }
      assertThat(shownBy(own)).isTrue();
    }
  }

  @Test
  void theNewOneIsNotShownBeforeTheBindingHasIt() {
    Map<String, String> wanted = data(given, START);
    for (int day = 0; day < 40; day++) {
      server = Handover.due(server, wanted, mounted, START.plus(Duration.ofDays(day)));
      assertThat(verifies(mounted, START.plus(Duration.ofDays(day)))).isTrue();
    }
    assertThat(shownBy(own)).isTrue();
  }

  /** It cannot get worse by it. */
  @Test
  void oneThatHasEndedIsNotShownOn() {
    Instant later = START.plus(Duration.ofDays(91));
    Map<String, String> wanted = data(given, later);
    server = Handover.due(server, wanted, told, later);
    assertThat(shownBy(given)).isTrue();
    assertThat(Served.of(server).trusted()).hasSize(2);
  }

  @Test
  void ofTheSameAuthorityEachIsShownAtOnce() {
    Map<String, String> renewed = data(own, START.plus(Duration.ofDays(1)));
    assertThat(Handover.due(server, renewed, told, START.plus(Duration.ofDays(1))))
        .isEqualTo(renewed);
    assertThat(Handover.due(Map.of(), renewed, "", START)).isEqualTo(renewed);
    Map<String, String> ended = data(own, START.plus(Duration.ofDays(95)));
    assertThat(Handover.due(server, ended, told, START.plus(Duration.ofDays(95)))).isEqualTo(ended);
  }

  @Test
  void aSpoiledTimeBeginsAnew() {
    Map<String, String> wanted = data(given, START);
    run(wanted, START);
    Map<String, String> spoiled = new HashMap<>(server);
    spoiled.put(Handover.SINCE, "soon");
    server = spoiled;
    run(wanted, START.plus(RUN));
    assertThat(shownBy(own)).isTrue();
    run(wanted, START.plus(RUN).plus(RUN));
    assertThat(shownBy(given)).isTrue();
  }

  private boolean shownBy(Authority authority) {
    return Served.of(server).signedBy(authority);
  }

  private boolean verifies(String bundle, Instant now) {
    List<X509Certificate> trusted = Served.of(Map.of("ca.crt", bundle)).trusted();
    return Objects.requireNonNull(Served.of(server).certificate()).verifiedBy(trusted, now);
  }

  private static String text(Map<String, String> data, String key) {
    return Objects.requireNonNull(data.get(key));
  }
}
