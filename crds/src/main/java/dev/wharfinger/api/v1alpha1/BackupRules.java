package dev.wharfinger.api.v1alpha1;

/** What goes with {@code backup} and what does not, as CEL over the whole resource or spec. */
final class BackupRules {
  private static final String CLAIM =
      "has(self.spec.backup.target) && has(self.spec.backup.target.persistentVolumeClaim) &&"
          + " has(self.spec.backup.target.persistentVolumeClaim.claimName)";
  private static final String NAME = "self.spec.backup.target.persistentVolumeClaim.claimName";

  static final String IN_MEMORY =
      "!(has(self.backup) && has(self.sqlite) && has(self.sqlite.inMemory) && self.sqlite.inMemory)";

  static final String EXTERNAL =
      "!(has(self.backup) && has(self.postgresql) && has(self.postgresql.external))";

  static final String OWN_CLAIM =
      "!has(self.spec) || !has(self.spec.backup) || !("
          + CLAIM
          + ") || !("
          + NAME
          + " in [self.metadata.name + '-data', 'data-' + self.metadata.name + '-postgresql-0'])";

  static final String FILES_CLAIM =
      "!(has(self.backup) && has(self.backup.filesClaimName) && self.backend != 'PostgreSQL')";

  static final String FILES_OF_A_CLAIM =
      "!has(self.filesClaimName) || (has(self.extraPaths) && !(has(self.target) &&"
          + " has(self.target.persistentVolumeClaim) && has(self.target.persistentVolumeClaim.claimName) &&"
          + " self.target.persistentVolumeClaim.claimName == self.filesClaimName))";

  static final String SCHEDULE =
      "!has(self.schedule) || self.schedule.matches('^ *(@(hourly|daily|weekly|monthly)|[^ @]+( +[^ ]+){4}) *$')";

  static final String TIME_ZONE =
      "!has(self.timeZone) || self.timeZone == 'UTC' ||"
          + " self.timeZone.matches('^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)+$')";

  static final String OF_A_SCHEDULE =
      "has(self.schedule) || !(has(self.suspend) || has(self.jitter) || has(self.startingDeadline))";

  private BackupRules() {}
}
