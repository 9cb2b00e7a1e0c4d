package dev.wharfinger.e2e.fault;

import dev.wharfinger.api.v1alpha1.StorageInstance;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Claims are made once, belong to nobody who could take them along, and go when that was said. */
final class ClaimInvariants {
  private final Map<String, PersistentVolumeClaim> claims = new HashMap<>();
  private final Set<String> deletable = new HashSet<>();

  /** Says whether something holds, and what it means if it does not. */
  interface Check {
    void that(boolean holds, String text);
  }

  void seen(History.Seen.Kind kind, PersistentVolumeClaim claim, Check check) {
    String name = claim.getMetadata().getName();
    if (kind == History.Seen.Kind.DELETED) {
      check.that(
          deletable.contains(claim.getMetadata().getUid()),
          "I3: claim " + name + " is gone, and nobody confirmed that");
      claims.remove(name);
      return;
    }
    PersistentVolumeClaim before = claims.put(name, claim);
    check.that(
        before == null || before.getMetadata().getUid().equals(claim.getMetadata().getUid()),
        "I3: claim " + name + " is another one");
    check.that(
        claim.getMetadata().getOwnerReferences().stream()
            .allMatch(o -> o.getApiVersion().startsWith("example.com/")),
        "I3: claim " + name + " has an owner, and goes with it");
  }

  /** The deletion of an instance's data was said twice. */
  void confirmed(StorageInstance instance) {
    claims.values().stream()
        .filter(c ->
            instance
                .getMetadata()
                .getUid()
                .equals(c.getMetadata().getLabels().get("wharfinger.dev/instance-uid")))
        .forEach(c -> deletable.add(c.getMetadata().getUid()));
  }

  /** A test deletes a claim itself. */
  void mayGo(String name) {
    PersistentVolumeClaim claim = claims.get(name);
    if (claim != null) {
      deletable.add(claim.getMetadata().getUid());
    }
  }
}
