package dev.wharfinger.api.v1alpha1;

/**
 * What may not change, as CEL over the old and the new version. The rules stand above the blocks
 * they speak of, so that leaving a block out, or adding it later, counts as its default and evades
 * nothing. Values are reached by {@code has}, not by optional chaining: after {@code .?} the API
 * server no longer knows how long a string can be, and refuses the CRD for what it might cost.
 */
final class TransitionRules {
  static final String MAIN_DATABASE =
      "!has(self.spec) || !has(oldSelf.spec) || (has(self.spec.sqlite) && has(self.spec.sqlite.databases) &&"
          + " size(self.spec.sqlite.databases) > 0 ? self.spec.sqlite.databases[0] : self.metadata.name + '.db') =="
          + " (has(oldSelf.spec.sqlite) && has(oldSelf.spec.sqlite.databases) &&"
          + " size(oldSelf.spec.sqlite.databases) > 0 ? oldSelf.spec.sqlite.databases[0] : oldSelf.metadata.name + '.db')";

  static final String SQLITE_IN_MEMORY =
      "(has(self.sqlite) && has(self.sqlite.inMemory) && self.sqlite.inMemory) =="
          + " (has(oldSelf.sqlite) && has(oldSelf.sqlite.inMemory) && oldSelf.sqlite.inMemory)";

  private static final String NEW_SQLITE_SIZE =
      "(has(self.sqlite) && has(self.sqlite.storage) ? self.sqlite.storage.size : '1Gi')";

  /** A malformed size has a rule and a message of its own. */
  static final String SQLITE_SIZE =
      "!isQuantity"
          + NEW_SQLITE_SIZE
          + " || !quantity"
          + NEW_SQLITE_SIZE
          + ".isLessThan(quantity(has(oldSelf.sqlite) && has(oldSelf.sqlite.storage) ? oldSelf.sqlite.storage.size :"
          + " '1Gi'))";

  static final String SQLITE_CLASS =
      "(has(self.sqlite) && has(self.sqlite.storage) && has(self.sqlite.storage.storageClassName) ?"
          + " self.sqlite.storage.storageClassName : '') =="
          + " (has(oldSelf.sqlite) && has(oldSelf.sqlite.storage) && has(oldSelf.sqlite.storage.storageClassName) ?"
          + " oldSelf.sqlite.storage.storageClassName : '')";

  /** Before the switch there is nothing on PostgreSQL yet: plans may change. */
  private static final String NOT_YET = "oldSelf.backend != 'PostgreSQL' || ";

  private static final String NEW_POSTGRESQL_SIZE =
      "(has(self.postgresql) && has(self.postgresql.storage) ? self.postgresql.storage.size : '1Gi')";

  static final String POSTGRESQL_SIZE =
      NOT_YET
          + "!isQuantity"
          + NEW_POSTGRESQL_SIZE
          + " || !quantity"
          + NEW_POSTGRESQL_SIZE
          + ".isLessThan(quantity(has(oldSelf.postgresql) && has(oldSelf.postgresql.storage) ?"
          + " oldSelf.postgresql.storage.size : '1Gi'))";

  static final String POSTGRESQL_CLASS =
      NOT_YET
          + "(has(self.postgresql) && has(self.postgresql.storage) &&"
          + " has(self.postgresql.storage.storageClassName) ? self.postgresql.storage.storageClassName : '') =="
          + " (has(oldSelf.postgresql) && has(oldSelf.postgresql.storage) &&"
          + " has(oldSelf.postgresql.storage.storageClassName) ? oldSelf.postgresql.storage.storageClassName : '')";

  static final String POSTGRESQL_VERSION =
      NOT_YET
          + "(has(self.postgresql) ? self.postgresql.version : '17') =="
          + " (has(oldSelf.postgresql) ? oldSelf.postgresql.version : '17')";

  static final String POSTGRESQL_DATABASE =
      NOT_YET
          + "(has(self.postgresql) && has(self.postgresql.database) ? self.postgresql.database : '') =="
          + " (has(oldSelf.postgresql) && has(oldSelf.postgresql.database) ? oldSelf.postgresql.database : '')";

  private TransitionRules() {}
}
