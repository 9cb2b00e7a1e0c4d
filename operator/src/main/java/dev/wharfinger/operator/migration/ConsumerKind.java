package dev.wharfinger.operator.migration;

/** What can be a consumer. */
public enum ConsumerKind {
  DEPLOYMENT("Deployment"),
  STATEFUL_SET("StatefulSet"),
  DAEMON_SET("DaemonSet"),
  CRON_JOB("CronJob");

  private final String kind;

  ConsumerKind(String kind) {
    this.kind = kind;
  }

  /** The word used in YAML. */
  public String kind() {
    return kind;
  }
}
