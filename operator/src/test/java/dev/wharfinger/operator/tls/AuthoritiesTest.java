package dev.wharfinger.operator.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** When certificates are made anew, and that no client is ever shown one it cannot verify. */
class AuthoritiesTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final List<String> NAMES = List.of("db", "db.shop", "db.shop.svc");

  private Map<String, String> authority = Map.of();
  private Map<String, String> server = Map.of();

  /** What the application was told last; its pods may still run with it. */
  private String told = "";

  /**
   * One run of the operator and what it leaves behind; the binding follows the Secret a run later.
   */
  private void run(Instant now, boolean bindingFollows) {
    Served served = Served.of(server);
    Authorities due = Authorities.due(Authorities.of(authority), served, now);
    if (!due.data().equals(authority)) {
      authority = due.data();
      return;
    }
    server = served.due(due, NAMES, told.isEmpty() || due.isIn(told), now);
    if (bindingFollows) {
      told = text(server, "ca.crt");
    }
  }

  private void settle(Instant now) {
    List<Object> before;
    do {
      before = List.of(authority, server, told);
      run(now, true);
    } while (!before.equals(List.of(authority, server, told)));
  }

  @Test
  void PHX_22_allNamesOfTheServerAreInItsCertificate() throws Exception {
    settle(START);
    ServerCertificate shown = shown();

    assertThat(shown.missing(NAMES)).isEmpty();
    assertThat(shown.missing(List.of("other.shop.svc"))).containsExactly("other.shop.svc");
    assertThat(verifies(text(server, "ca.crt"))).isTrue();
    assertThat(text(server, "ca.crt")).doesNotContain("PRIVATE");
    assertThat(text(server, "tls.crt")).doesNotContain("PRIVATE");
  }

  @Test
  void aRunWithNothingDueChangesNothing() {
    settle(START);
    Map<String, String> before = server;
    Map<String, String> authorityBefore = authority;
    settle(START.plus(Duration.ofDays(59)));

    assertThat(server).isEqualTo(before);
    assertThat(authority).isEqualTo(authorityBefore);
  }

  @Test
  void aCertificateIsRenewedAMonthBeforeItsEndByTheSameAuthority() {
    settle(START);
    String before = text(server, "tls.crt");
    String trusted = text(server, "ca.crt");
    settle(START.plus(Duration.ofDays(61)));

    assertThat(text(server, "tls.crt")).isNotEqualTo(before);
    assertThat(text(server, "ca.crt")).isEqualTo(trusted);
  }

  /** Every few days over seven years: who was told the last time can verify what is shown today. */
  @Test
  void oneAuthorityTakesOverFromAnotherWithoutAGap() {
    settle(START);
    Instant end = START.plus(Duration.ofDays(7 * 365));
    int most = 0;
    java.util.Set<String> authorities = new java.util.HashSet<>();
    for (Instant day = START; day.isBefore(end); day = day.plus(Duration.ofDays(7))) {
      String yesterday = told;
      settle(day);
      assertThat(verifies(yesterday)).as("%s", day).isTrue();
      assertThat(verifies(told)).as("%s", day).isTrue();
      assertThat(shown().end()).as("%s", day).isAfter(day.plus(Duration.ofDays(29)));
      most = Math.max(most, Served.of(server).trusted().size());
      Served.of(server).trusted().forEach(one -> authorities.add(one.getSerialNumber().toString()));
    }
    assertThat(most).isEqualTo(2);
    assertThat(authorities).hasSizeBetween(3, 5);
  }

  /** As with a template that cannot be used: the binding stays as it was. */
  @Test
  void theNextAuthoritySignsNothingBeforeTheApplicationWasTold() {
    settle(START);
    Instant later = START.plus(Authority.LIFE).minus(Authorities.ANNOUNCED);
    for (int day = 1; day < 100; day++) {
      run(later.plus(Duration.ofDays(day)), false);
      run(later.plus(Duration.ofDays(day)), false);
      assertThat(verifies(told)).as("day %s", day).isTrue();
    }
    settle(later.plus(Duration.ofDays(100)));
    settle(later.plus(Duration.ofDays(100)));
    assertThat(Served.of(server).signedBy(next())).isTrue();
  }

  @Test
  void aLostAuthorityIsReplacedWithTheSameOverlap() {
    settle(START);
    String before = text(server, "tls.crt");
    String trusted = told;
    authority = Map.of();
    settle(START.plus(Duration.ofDays(1)));

    assertThat(text(server, "tls.crt")).isEqualTo(before);
    assertThat(told).contains(trusted);
    assertThat(Served.of(server).trusted()).hasSize(2);
    settle(START.plus(Duration.ofDays(32)));
    assertThat(text(server, "tls.crt")).isNotEqualTo(before);
    assertThat(verifies(told)).isTrue();
    settle(START.plus(Duration.ofDays(62)));
    assertThat(Served.of(server).trusted()).hasSize(1);
    assertThat(verifies(told)).isTrue();
  }

  @Test
  void aLostCertificateIsMadeAnewByTheSameAuthority() {
    settle(START);
    String trusted = told;
    server = Map.of();
    settle(START.plus(Duration.ofDays(1)));

    assertThat(verifies(trusted)).isTrue();
  }

  @Test
  void whatSomebodyWroteIntoTheSecretsIsPutRight() {
    settle(START);
    String trusted = told;
    server = with(server, "tls.key", "nonsense");
    settle(START.plus(Duration.ofDays(1)));
    assertThat(verifies(trusted)).isTrue();

    String shown = text(server, "tls.crt");
    authority = with(authority, "ca.crt", "nonsense");
    settle(START.plus(Duration.ofDays(2)));
    assertThat(text(server, "tls.crt")).isEqualTo(shown);
    assertThat(Authorities.of(authority)).isNotNull();

    authority =
        with(authority, "ca.key", Pem.of(Objects.requireNonNull(Authority.make(START).key())));
    assertThat(Authorities.of(authority)).as("a key of another certificate").isNull();
  }

  /** Away for years: nobody can be told in time, and the server is served all the same. */
  @Test
  void afterTheEndOfAllThereIsANewBeginning() {
    settle(START);
    Instant later = START.plus(Duration.ofDays(4 * 365));
    settle(later);

    assertThat(shown().end()).isAfter(later);
    assertThat(verifies(told)).isTrue();
  }

  @Test
  void anotherNameGivesAnotherCertificate() throws Exception {
    settle(START);
    Authorities due = Objects.requireNonNull(Authorities.of(authority));
    Map<String, String> other = Served.of(server).due(due, List.of("db", "new"), true, START);

    assertThat(other.get("tls.crt")).isNotEqualTo(server.get("tls.crt"));
    assertThat(Objects.requireNonNull(Served.of(other).certificate()).missing(List.of("new")))
        .isEmpty();
  }

  /** The clock of a node may be late; what was made a moment ago is good there too. */
  @Test
  void whatIsNewIsGoodAlsoWhereTheClockIsLate() throws Exception {
    settle(START);
    Date late = Date.from(START.minus(Duration.ofMinutes(59)));
    shown().certificate().checkValidity(late);
    for (X509Certificate authority : Served.of(server).trusted()) {
      authority.checkValidity(late);
    }
  }

  /** By whatever allowance they were made: nothing of theirs is made anew for that. */
  @Test
  void authoritiesOfOtherAllowancesKeepTheirTimes() {
    Instant later = START.plus(Duration.ofDays(31));
    for (Duration skew : List.of(Duration.ofMinutes(5), Duration.ofHours(1), Duration.ZERO)) {
      Authority next = Authority.make(START, skew);
      assertThat(next.made()).isEqualTo(START);
      Authority current = Authority.make(START.minus(Duration.ofDays(900)), skew);
      authority = new Authorities(current, next).data();
      server =
          Served.data(
              next.issue(NAMES, START.plus(Authorities.OVERLAP)),
              new Authorities(current, next).bundle());
      told = text(server, "ca.crt");
      Map<String, String> authorityBefore = authority;
      Map<String, String> before = server;
      settle(START.plus(Authorities.OVERLAP));
      settle(later);

      assertThat(authority).isEqualTo(authorityBefore);
      assertThat(server).isEqualTo(before);
    }
  }

  private static Map<String, String> with(Map<String, String> data, String key, String value) {
    Map<String, String> copy = new HashMap<>(data);
    copy.put(key, value);
    return copy;
  }

  private Authority next() {
    Authorities now = Objects.requireNonNull(Authorities.of(authority));
    return now.next() == null ? now.current() : Objects.requireNonNull(now.next());
  }

  private ServerCertificate shown() {
    return Objects.requireNonNull(Served.of(server).certificate());
  }

  /** Whether who trusts {@code bundle} believes what is shown. */
  private boolean verifies(String bundle) {
    List<X509Certificate> trusted = Served.of(Map.of("ca.crt", bundle)).trusted();
    return Authority.of(shown().certificate(), trusted) != null;
  }

  private static String text(Map<String, String> data, String key) {
    return Objects.requireNonNull(data.get(key));
  }
}
