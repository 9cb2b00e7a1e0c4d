package dev.wharfinger.operator.model;

import dev.wharfinger.api.v1alpha1.Backend;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import org.jspecify.annotations.Nullable;

/**
 * Where the data lives now, read from the world and never from a status.
 *
 * @param backend the backend that holds the data
 * @param epoch how often it was moved, counted from 1
 */
public record ActiveBackend(Backend backend, int epoch) {

  /**
   * The binding Secret says it. Without one, the claim with the highest epoch holds the data, and
   * one that says itself that its data went away later never does; without claims there is no data
   * yet and the spec decides.
   */
  public static ActiveBackend of(
      @Nullable Secret binding,
      @Nullable PersistentVolumeClaim dataClaim,
      @Nullable PersistentVolumeClaim serverClaim,
      Backend requested) {
    Backend bound = Backend.of(Annotations.get(binding, Annotations.BACKEND));
    if (bound != null) {
      return new ActiveBackend(bound, Math.max(1, Annotations.epoch(binding)));
    }
    int leftSqlite = Annotations.superseded(dataClaim);
    int leftPostgresql = Annotations.superseded(serverClaim);
    int sqlite = Math.max(leftPostgresql, Annotations.epoch(dataClaim));
    int postgresql = Math.max(leftSqlite, Annotations.epoch(serverClaim));
    if ((dataClaim != null || leftPostgresql > 0) && sqlite >= postgresql) {
      return new ActiveBackend(Backend.SQLITE, Math.max(1, sqlite));
    }
    if (serverClaim != null || leftSqlite > 0) {
      return new ActiveBackend(Backend.POSTGRESQL, Math.max(1, postgresql));
    }
    return new ActiveBackend(requested, 1);
  }
}
