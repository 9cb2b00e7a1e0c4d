package dev.wharfinger.api.v1alpha1;

import java.util.Collection;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Settings of {@code postgresql.conf} that a resource may not name. The patterns stand in the CRD;
 * the operator asks them again, because Helm never upgrades a CRD and a resource may be older than
 * the rule.
 */
public final class ServerParameters {
  /**
   * With these a crash, or the repair of one, takes commits that were confirmed. {@code
   * synchronous_commit} is refused whatever its value: its default is the only other one that means
   * anything for a server without standbys.
   */
  static final String UNSAFE =
      "^(fsync|full_page_writes|synchronous_commit|data_sync_retry|zero_damaged_pages|ignore_.*)$";

  /**
   * Where the server listens, keeps its files and loads code from; how it is replicated, archived
   * and recovered, for which there is nothing at the other end.
   */
  static final String OWNED =
      "^(listen_addresses|port|data_directory|hba_file|ident_file|config_file|external_pid_file"
          + "|password_encryption|db_user_namespace|dynamic_library_path|extension_control_path"
          + "|jit_provider|include|include_dir|include_if_exists|ssl|synchronous_standby_names"
          + "|(ssl|krb|unix_socket|archive|primary|recovery_target)_.*|recovery_target"
          + "|.*_(command|library|libraries))$";

  static final String WHY_UNSAFE =
      "with which committed data can be lost (fsync, full_page_writes, synchronous_commit, data_sync_retry,"
          + " zero_damaged_pages, ignore_*); remove it. An application that can bear the loss says SET"
          + " synchronous_commit in its own session";

  static final String WHY_OWNED =
      "that belongs to the operator (addresses, files, ssl, authentication, replication, archiving, recovery,"
          + " libraries and *_command settings); remove it";

  private ServerParameters() {}

  /** Why one of {@code names} is refused, as a sentence that names it. */
  public static Optional<String> refusal(Collection<String> names) {
    return refusal(names, UNSAFE, WHY_UNSAFE).or(() -> refusal(names, OWNED, WHY_OWNED));
  }

  private static Optional<String> refusal(Collection<String> names, String pattern, String why) {
    return names.stream()
        .filter(Pattern.compile(pattern).asMatchPredicate())
        .findFirst()
        .map(name -> "postgresql.parameters." + name + " is a setting " + why);
  }
}
