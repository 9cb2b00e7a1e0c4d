package dev.wharfinger.runner;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the pod of a Job does that gives a role another password. */
public final class PasswordPod {
  private PasswordPod() {}

  /** Its exit code. */
  public static int run(String url, Map<String, String> environment) throws Exception {
    return new ChangePassword(environment)
        .run(Options.parse(List.of("--to", url), ChangePassword.VALUED, Set.of()));
  }
}
