package dev.wharfinger.runner.probe;

import org.jspecify.annotations.Nullable;

/**
 * A role and its password.
 *
 * @param user the role
 * @param password null where there is none
 */
public record Login(String user, @Nullable String password) {

  /** Without the password. */
  @Override
  public String toString() {
    return user;
  }
}
