package dev.wharfinger.operator.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.api.v1alpha1.StorageRestore;
import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.model.RestoreSource;
import dev.wharfinger.operator.model.RestoredData;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is written down of a restore, and by whom it counts. */
class RestorePlanTest {
  private static final RestorePlan PLAN =
      new RestorePlan(
          "uid",
          new RestoreSource("instance-uid", "sets", null, "folder", "one", null, null, null),
          "diary-data",
          "claim-uid",
          List.of("diary.db", "cache.db"),
          List.of("diary.db"),
          "2026-11-22T02:00:00Z",
          3,
          4096,
          "2026-11-23T01:00:00Z");

  private static StorageRestore restore(String uid, String plan) {
    StorageRestore restore = new StorageRestore();
    restore.setMetadata(
        new ObjectMetaBuilder()
            .withName("back")
            .withUid(uid)
            .addToAnnotations(Annotations.RESTORE_PLAN, plan)
            .build());
    return restore;
  }

  @Test
  void itIsReadAsItWasWritten() {
    StorageRestore own = restore("uid", PLAN.json());
    assertThat(RestorePlan.of(own)).isEqualTo(PLAN);
    assertThat(RestorePlan.spoiled(own)).isFalse();
    assertThat(RestorePlan.foreign(own)).isFalse();
  }

  @Test
  void whatACopyBroughtAlongIsOfAnotherRestore() {
    StorageRestore copy = restore("another", PLAN.json());
    assertThat(RestorePlan.of(copy)).isNull();
    assertThat(RestorePlan.spoiled(copy)).isFalse();
    assertThat(RestorePlan.foreign(copy)).isTrue();
  }

  /** Else a restore could forget that it has stopped an application, or exchanges files. */
  @Test
  void whatStandsBesideASpoiledPlanCounts() {
    for (String text : List.of("", "null", "garbled", "{}", "{\"of\":\"another\"}")) {
      StorageRestore spoiled = restore("uid", text);
      assertThat(RestorePlan.of(spoiled)).as(text).isNull();
      assertThat(RestorePlan.spoiled(spoiled)).as(text).isTrue();
      assertThat(RestorePlan.foreign(spoiled)).as(text).isFalse();
    }
  }

  @Test
  void theClaimTellsThePlanByWhichFilesAreExchanged() {
    PersistentVolumeClaim claim = new PersistentVolumeClaim();
    claim.setMetadata(new ObjectMetaBuilder().build());
    assertThat(RestorePlan.on(claim)).isNull();
    claim.setMetadata(
        new ObjectMetaBuilder().addToAnnotations(Annotations.SWAP_STARTED, PLAN.json()).build());
    assertThat(RestorePlan.on(claim)).isEqualTo(PLAN);
  }

  @Test
  void theClaimTellsWhichRestoreItsDataAreOf() {
    PersistentVolumeClaim claim = new PersistentVolumeClaim();
    RestoredData data = new RestoredData("one", "2026-11-22T02:00:00Z", null, 3, null);
    claim.setMetadata(
        new ObjectMetaBuilder().addToAnnotations(Annotations.RESTORED, data.json()).build());
    assertThat(RestoredData.madeBy(claim, "uid")).isFalse();
    claim.setMetadata(
        new ObjectMetaBuilder()
            .addToAnnotations(Annotations.RESTORED, data.madeBy("uid").json())
            .build());
    assertThat(RestoredData.madeBy(claim, "uid")).isTrue();
    assertThat(RestoredData.madeBy(claim, "another")).isFalse();
    assertThat(RestoredData.madeBy(null, "uid")).isFalse();
  }
}
