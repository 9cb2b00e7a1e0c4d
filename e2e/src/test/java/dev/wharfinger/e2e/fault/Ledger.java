package dev.wharfinger.e2e.fault;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.List;
import java.util.Map;

/** Compares what applications were told is stored with what the binding leads to. */
final class Ledger {
  private Ledger() {}

  /** Rows that are not where the binding points; none where there is no binding. */
  static List<String> missing(Lane lane) {
    Secret binding = lane.find(Secret.class, "app-binding");
    if (binding == null) {
      return List.of();
    }
    Map<String, String> data = References.decoded(binding);
    String server = data.getOrDefault("host", "").replaceAll("\\..*", "");
    if (server.equals(ExternalDeeds.SERVER)) {
      return lane.world().missing(server);
    }
    boolean file = "sqlite".equals(data.get("type"));
    PersistentVolumeClaim claim =
        lane.find(PersistentVolumeClaim.class, file ? "app-data" : "data-app-postgresql-0");
    return claim == null
        ? List.of("all: the claim is gone")
        : lane.world().missing(claim.getMetadata().getUid());
  }
}
