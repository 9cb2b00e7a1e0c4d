package dev.wharfinger.operator.model;

/** What the operator's own server does about TLS. */
public enum ServerTls {
  /** It speaks none. */
  OFF,
  /** It speaks it with those who ask, and lets others in as well. */
  OFFERED,
  /** It lets nobody in without. */
  DEMANDED;

  /** What libpq's {@code mode} asks of the server. */
  public static ServerTls of(String mode) {
    return switch (mode) {
      case "require", "verify-ca", "verify-full" -> DEMANDED;
      case "allow", "prefer" -> OFFERED;
      default -> OFF;
    };
  }
}
