package dev.wharfinger.e2e.fault;

import java.util.Map;

/** Gives a role the password that is asked for, logged in with the former one. */
final class PasswordRun implements Program {
  private static final int TICKS = 4;
  private static final int REFUSED = 2;

  private final Start start;
  private int ticks;

  PasswordRun(Start start) {
    this.start = start;
  }

  @Override
  public Status tick() {
    if (++ticks < TICKS) {
      return Status.STARTING;
    }
    Map<String, String> environment = start.environment();
    String password = environment.getOrDefault("PGPASSWORD", "");
    String former = environment.getOrDefault("WHARFINGER_FORMER_PASSWORD", "");
    World world = start.world();
    if (world.connect(start.server(), password, start.client()) == null) {
      if (world.connect(start.server(), former, start.client()) == null) {
        return Status.ended(REFUSED, "change-password: the role takes neither");
      }
      world.alter(start.server(), password);
    }
    return Status.ended(0);
  }
}
