package dev.wharfinger.api.v1alpha1;

/** What goes with {@code bootstrap} and what does not, as CEL over the old and the new spec. */
final class BootstrapRules {
  private static final String SAID = "has(self.bootstrap) && has(self.bootstrap.restoreFrom)";
  private static final String BEFORE =
      "has(oldSelf.bootstrap) && has(oldSelf.bootstrap.restoreFrom)";

  static final String IN_MEMORY =
      "!(" + SAID + " && has(self.sqlite) && has(self.sqlite.inMemory) && self.sqlite.inMemory)";

  static final String EXTERNAL =
      "!(" + SAID + " && has(self.postgresql) && has(self.postgresql.external))";

  /**
   * The key that opens the set may come later, and how its bucket is reached may be corrected; the
   * set is the same one.
   */
  static final String FIXED =
      "!("
          + SAID
          + ") || ("
          + BEFORE
          + " && (has(self.bootstrap.restoreFrom.backupName) ? self.bootstrap.restoreFrom.backupName : '') =="
          + " (has(oldSelf.bootstrap.restoreFrom.backupName) ? oldSelf.bootstrap.restoreFrom.backupName : '')"
          + " && (has(self.bootstrap.restoreFrom.claimName) ? self.bootstrap.restoreFrom.claimName : '') =="
          + " (has(oldSelf.bootstrap.restoreFrom.claimName) ? oldSelf.bootstrap.restoreFrom.claimName : '')"
          + " && (has(self.bootstrap.restoreFrom.s3) ? self.bootstrap.restoreFrom.s3.bucket : '') =="
          + " (has(oldSelf.bootstrap.restoreFrom.s3) ? oldSelf.bootstrap.restoreFrom.s3.bucket : '')"
          + " && (has(self.bootstrap.restoreFrom.path) ? self.bootstrap.restoreFrom.path : '') =="
          + " (has(oldSelf.bootstrap.restoreFrom.path) ? oldSelf.bootstrap.restoreFrom.path : '')"
          + " && (has(self.bootstrap.restoreFrom.id) ? self.bootstrap.restoreFrom.id : '') =="
          + " (has(oldSelf.bootstrap.restoreFrom.id) ? oldSelf.bootstrap.restoreFrom.id : '')"
          + ")";

  private BootstrapRules() {}
}
