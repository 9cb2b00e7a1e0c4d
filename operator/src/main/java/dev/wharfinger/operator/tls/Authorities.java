package dev.wharfinger.operator.tls;

import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The authority of a server, and the one that takes over from it. Clients are told of the next one
 * long before it signs anything, so that none of them ever meets a certificate it cannot verify.
 *
 * @param current signs until the next one does
 * @param next announced, and signing from {@link #OVERLAP} after it was made; null at most times
 */
public record Authorities(Authority current, @Nullable Authority next) {
  /** Before its end the next one is made. */
  static final Duration ANNOUNCED = Duration.ofDays(180);

  /** How long both are trusted before the next one signs, and how long after that. */
  static final Duration OVERLAP = Duration.ofDays(30);

  /**
   * What there should be now.
   *
   * @param kept what there is, or null
   * @param served what the server shows
   */
  public static Authorities due(@Nullable Authorities kept, Served served, Instant now) {
    if (kept == null) {
      Authority lost = served.issuer();
      return lost == null || lost.endsBefore(now)
          ? new Authorities(Authority.make(now), null)
          : new Authorities(lost, Authority.make(now));
    }
    Authority next = kept.next;
    if (kept.current.endsBefore(now)) {
      return new Authorities(
          next == null || next.endsBefore(now) ? Authority.make(now) : next, null);
    }
    if (next == null) {
      return kept.current.endsBefore(now.plus(ANNOUNCED))
          ? new Authorities(kept.current, Authority.make(now))
          : kept;
    }
    boolean takenOver =
        served.signedBy(next) && !now.isBefore(next.made().plus(OVERLAP).plus(OVERLAP));
    return takenOver ? new Authorities(next, null) : kept;
  }

  /**
   * Who signs now.
   *
   * @param announced whether clients have been told of the next one
   */
  Authority signer(boolean announced, Instant now) {
    if (next == null) {
      return current;
    }
    boolean turn = announced && !now.isBefore(next.made().plus(OVERLAP));
    boolean mute = current.key() == null || current.endsBefore(now.plus(Served.RENEWED));
    return turn || mute ? next : current;
  }

  /** All that clients verify by, as text. */
  public String bundle() {
    return Pem.of(trusted());
  }

  List<X509Certificate> trusted() {
    return next == null
        ? List.of(current.certificate())
        : List.of(current.certificate(), next.certificate());
  }

  /** Whether {@code bundle} has everything that clients must be told. */
  public boolean isIn(String bundle) {
    return trusted().stream().allMatch(one -> bundle.contains(Pem.of(List.of(one))));
  }

  /** As the data of a Secret. */
  public Map<String, String> data() {
    Map<String, String> data = new TreeMap<>();
    put(data, "ca", current);
    if (next != null) {
      put(data, "next", next);
    }
    return data;
  }

  private static void put(Map<String, String> data, String name, Authority authority) {
    data.put(name + ".crt", Pem.of(List.of(authority.certificate())));
    if (authority.key() != null) {
      data.put(name + ".key", Pem.of(authority.key()));
    }
  }

  /** Reads what {@link #data} wrote; null where that is gone or spoiled. */
  public static @Nullable Authorities of(Map<String, String> data) {
    try {
      Authority current = authority(data, "ca");
      Authority announced = authority(data, "next");
      // Without its key it never signs; another is made.
      Authority next = announced == null || announced.key() == null ? null : announced;
      return current == null || current.key() == null && next == null
          ? null
          : new Authorities(current, next);
    } catch (GeneralSecurityException e) {
      return null;
    }
  }

  private static @Nullable Authority authority(Map<String, String> data, String name)
      throws GeneralSecurityException {
    String certificate = data.get(name + ".crt");
    if (certificate == null) {
      return null;
    }
    String key = data.get(name + ".key");
    return key == null
        ? new Authority(Pem.certificates(certificate).getFirst(), null)
        : new Authority(
            ServerCertificate.of(certificate, key).certificate(),
            Objects.requireNonNull(Pem.key(key)));
  }
}
