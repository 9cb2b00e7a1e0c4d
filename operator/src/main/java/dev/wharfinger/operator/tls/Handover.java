package dev.wharfinger.operator.tls;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * From one authority to another that knows nothing of the first, as when a certificate that
 * somebody gives takes the place of the operator's own, or the other way round. Clients are told of
 * both before the server shows what only the new one has signed, and for a while after that. How
 * far it has come stands in the Secret that the server mounts, in a key that nobody mounts.
 */
public final class Handover {
  /**
   * How long the new authority stands in the binding before the server shows its certificate: the
   * kubelet has to bring the one to the application and the other to the server.
   */
  static final Duration TOLD = Duration.ofMinutes(5);

  /** When the binding was seen with the new one. RFC 3339. */
  static final String SINCE = "handover-since";

  private Handover() {}

  /**
   * What the Secret is to hold now.
   *
   * @param present what it holds
   * @param wanted what it is to hold in the end
   * @param told what clients verify by, as they were told last; empty where nobody knows
   */
  public static Map<String, String> due(
      Map<String, String> present, Map<String, String> wanted, String told, Instant now) {
    Served shown = Served.of(present);
    Served next = Served.of(wanted);
    ServerCertificate before = shown.certificate();
    ServerCertificate after = next.certificate();
    if (before == null || after == null || shown.trusted().isEmpty() || next.trusted().isEmpty()) {
      return wanted;
    }
    boolean same = before.chain().equals(after.chain());
    boolean known = new HashSet<>(shown.trusted()).containsAll(next.trusted());
    Instant began = known ? since(present) : null;
    boolean ended = !before.end().isAfter(now);
    boolean understood =
        after.verifiedBy(shown.trusted(), now) && (ended || before.verifiedBy(next.trusted(), now));
    if (began == null && understood) {
      // Who knows either authority, and not the other, can verify both.
      return wanted;
    }
    Instant since = began == null && known && isIn(told, next.trusted()) ? now : began;
    if (same && since != null && !now.isBefore(since.plus(Authorities.OVERLAP))) {
      return wanted;
    }
    List<X509Certificate> both = new ArrayList<>(next.trusted());
    shown.trusted().stream().filter(one -> !both.contains(one)).forEach(both::add);
    boolean turn = since != null && !now.isBefore(since.plus(TOLD));
    Map<String, String> data =
        new TreeMap<>(Served.data(turn || ended ? after : before, Pem.of(both)));
    if (since != null) {
      data.put(SINCE, since.toString());
    }
    return data;
  }

  private static boolean isIn(String told, List<X509Certificate> all) {
    try {
      return !told.isBlank() && Pem.certificates(told).containsAll(all);
    } catch (CertificateException e) {
      return false;
    }
  }

  /** One that somebody has spoiled begins anew. */
  private static @Nullable Instant since(Map<String, String> present) {
    try {
      String since = present.get(SINCE);
      return since == null ? null : Instant.parse(since);
    } catch (DateTimeException e) {
      return null;
    }
  }
}
