package dev.wharfinger.operator.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.api.v1alpha1.RestorePhase;
import dev.wharfinger.operator.job.JobOutcome;
import dev.wharfinger.operator.job.RestoreRole;
import dev.wharfinger.operator.migration.Consumer;
import dev.wharfinger.operator.migration.Consumer.Holder;
import dev.wharfinger.operator.migration.ConsumerKind;
import dev.wharfinger.operator.migration.ForeignPod;
import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.model.RestoreSource;
import dev.wharfinger.operator.restore.RestoreAction.Annotate;
import dev.wharfinger.operator.restore.RestoreAction.CreateJob;
import dev.wharfinger.operator.restore.RestoreAction.DeleteJob;
import dev.wharfinger.operator.restore.RestoreAction.Fence;
import dev.wharfinger.operator.restore.RestoreAction.HoldClaim;
import dev.wharfinger.operator.restore.RestoreAction.MakeBackup;
import dev.wharfinger.operator.restore.RestoreAction.MarkClaim;
import dev.wharfinger.operator.restore.RestoreAction.ReleaseClaim;
import dev.wharfinger.operator.restore.RestoreAction.ReturnConsumers;
import dev.wharfinger.operator.restore.RestoreAction.TakeBack;
import dev.wharfinger.operator.restore.RestoreScene.Work;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What follows from what is seen. */
class RestoreMachineTest {
  private static final Instant NOW = Instant.parse("2026-11-23T02:00:00Z");
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
  private static final Work NONE = new Work(JobOutcome.ABSENT, true, null, null, "", false);

  private static Consumer app(Holder holder, String size) {
    return new Consumer(
        ConsumerKind.DEPLOYMENT, "app", "u", "1", size, size.equals("0"), holder, "2");
  }

  /** Scenes that differ in little. */
  private static final class Seen {
    @Nullable RestorePlan plan = PLAN;
    RestoreScene.@Nullable Obstacle obstacle;
    @Nullable String confirm = PLAN.token();
    boolean deleting;
    boolean present = true;
    @Nullable String rollback;
    @Nullable String others;
    @Nullable String first;
    boolean asked = true;
    boolean backedUp = true;
    @Nullable String backupFailed;
    @Nullable Instant fencedAt = NOW.minusSeconds(60);
    @Nullable Instant returnedAt;
    Consumer consumer = app(Holder.US, "0");
    List<ForeignPod> pods = List.of();
    Work stage = NONE;
    Work swap = NONE;
    @Nullable Instant swapStarted;
    @Nullable String restored;
    boolean marked;
    boolean held;

    RestoreState next() {
      return RestoreMachine.next(
          new RestoreScene(
              new RestoreScene.Intent(
                  false, false, confirm, deleting, present, present, rollback, null),
              plan,
              obstacle,
              null,
              others,
              first,
              new RestoreScene.Backup("before", asked, backedUp, backupFailed, "", "instant"),
              new RestoreScene.Fence(fencedAt, returnedAt, List.of(consumer), pods),
              stage,
              swap,
              swapStarted,
              restored,
              marked,
              held,
              NOW));
    }
  }

  private static Seen before() {
    Seen seen = new Seen();
    seen.fencedAt = null;
    seen.consumer = app(Holder.NOBODY, "2");
    return seen;
  }

  private static Work ended(JobOutcome outcome) {
    return new Work(outcome, true, NOW.minusSeconds(60), null, "words", false);
  }

  @Test
  void PIP_22_withoutItsWordNothingIsDone() {
    Seen seen = before();
    seen.confirm = null;
    assertThat(seen.next())
        .returns("ConfirmationRequired", RestoreState::reason)
        .returns(List.of(), RestoreState::actions);
    seen.confirm = "one";
    assertThat(seen.next())
        .returns("ConfirmationDiffers", RestoreState::reason)
        .returns(List.of(), RestoreState::actions);
  }

  @Test
  void theBackupIsMadeBeforeAnybodyIsStoppedAndNothingHappensWithoutIt() {
    Seen seen = before();
    seen.asked = false;
    seen.backedUp = false;
    // It would be old when the others have ended.
    seen.others = "Job a";
    assertThat(seen.next())
        .returns("WaitingForOthers", RestoreState::reason)
        .returns(List.of(), RestoreState::actions);
    seen.others = null;
    assertThat(seen.next().actions()).containsExactly(new MakeBackup());
    seen.asked = true;
    seen.others = "its own Job";
    assertThat(seen.next()).returns("BackingUp", RestoreState::reason);
    seen.backupFailed = "full";
    assertThat(seen.next()).returns("BackupFailed", RestoreState::reason);
    seen.backupFailed = null;
    seen.backedUp = true;
    seen.others = "Job b";
    assertThat(seen.next())
        .returns("WaitingForOthers", RestoreState::reason)
        .returns(List.of(), RestoreState::actions);
    seen.others = null;
    assertThat(seen.next().actions())
        .containsExactly(
            new Annotate(Annotations.SAVED_AT, "instant"),
            new Annotate(Annotations.FENCED_AT, NOW.toString()));
  }

  @Test
  void nothingIsMadeAndNothingSwappedWhileAnybodyCouldWrite() {
    for (Work stage : List.of(NONE, ended(JobOutcome.COMPLETE))) {
      Seen seen = new Seen();
      seen.stage = stage;
      seen.consumer = app(Holder.US, "2");
      assertThat(seen.next().actions()).containsExactly(new Fence(List.of(seen.consumer)));
      seen.consumer = app(Holder.US, "0");
      seen.pods = List.of(new ForeignPod("p", NOW, true, null));
      assertThat(seen.next().actions()).isEmpty();
      seen.pods = List.of();
      seen.others = "Job b";
      assertThat(seen.next().actions()).isEmpty();
      seen.others = null;
      assertThat(seen.next().actions())
          .containsExactlyElementsOf(
              stage == NONE
                  ? List.<RestoreAction>of(new CreateJob(RestoreRole.STAGE))
                  : List.of(
                      new Annotate(Annotations.SWAP_STARTED, NOW.toString()),
                      new HoldClaim(),
                      new CreateJob(RestoreRole.SWAP)));
    }
  }

  @Test
  void whoDoesNotGoInTimeKeepsTheApplicationForAWhileOnly() {
    Seen seen = new Seen();
    seen.fencedAt = NOW.minus(RestoreMachine.FENCE_TIMEOUT).minusSeconds(1);
    seen.pods = List.of(new ForeignPod("p", NOW, true, null));
    assertThat(seen.next()).returns("FenceTimeout", RestoreState::reason);
  }

  @Test
  void ofTwoThatStopTheApplicationAtTheSameTimeOneGivesUpAtOnce() {
    Seen seen = new Seen();
    seen.others = "StorageRestore other";
    assertThat(seen.next())
        .returns("StoppingConsumers", RestoreState::reason)
        .returns(List.of(), RestoreState::actions);
    seen.first = "other";
    seen.stage = ended(JobOutcome.COMPLETE);
    assertThat(seen.next())
        .returns("AnotherRestore", RestoreState::reason)
        .satisfies(s -> assertThat(s.actions()).singleElement().isInstanceOf(Annotate.class));
    seen.swapStarted = NOW;
    assertThat(seen.next()).returns("StoppingConsumers", RestoreState::reason);
  }

  @Test
  void whoComesWhenTheSetIsMadeKeepsTheApplicationForAWhileOnly() {
    Seen seen = new Seen();
    Instant before = NOW.minus(RestoreMachine.FENCE_TIMEOUT).minusSeconds(1);
    seen.fencedAt = before.minusSeconds(3600);
    seen.pods = List.of(new ForeignPod("debug", NOW, true, null));
    seen.stage = new Work(JobOutcome.COMPLETE, true, NOW.minusSeconds(60), null, "", false);
    assertThat(seen.next()).returns("StoppingConsumers", RestoreState::reason);
    seen.stage = new Work(JobOutcome.COMPLETE, true, before, null, "", false);
    assertThat(seen.next())
        .returns("FenceTimeout", RestoreState::reason)
        .satisfies(s -> assertThat(s.actions()).singleElement().isInstanceOf(Annotate.class))
        .satisfies(s -> assertThat(s.message()).contains("pod debug"));
    seen.rollback = "FenceTimeout: pod debug";
    assertThat(seen.next().actions())
        .containsExactly(
            new ReleaseClaim(),
            new ReturnConsumers(List.of(seen.consumer)),
            new Annotate(Annotations.RETURNED_AT, NOW.toString()),
            new DeleteJob(RestoreRole.STAGE),
            new Annotate(Annotations.ENDED, RestorePhase.FAILED.value()));
  }

  @Test
  void aJobThatDoesNotStartKeepsTheApplicationForAWhileOnly() {
    Seen seen = new Seen();
    Instant before = NOW.minus(RestoreMachine.FENCE_TIMEOUT).minusSeconds(1);
    seen.fencedAt = before;
    seen.stage = new Work(JobOutcome.RUNNING, false, null, NOW.minusSeconds(60), "no node", false);
    assertThat(seen.next()).returns("Restoring", RestoreState::reason);
    seen.stage = new Work(JobOutcome.RUNNING, false, null, before, "no node", false);
    assertThat(seen.next())
        .returns("RestoreNotStarted", RestoreState::reason)
        .satisfies(state -> assertThat(state.message()).contains("no node"));
    seen.stage = new Work(JobOutcome.RUNNING, false, null, null, "", false);
    assertThat(seen.next()).returns("Restoring", RestoreState::reason);
    // A quota does not let it be made at all.
    seen.stage = NONE;
    assertThat(seen.next())
        .returns("RestoreNotStarted", RestoreState::reason)
        .satisfies(s -> assertThat(s.actions()).singleElement().isInstanceOf(Annotate.class));
  }

  @ParameterizedTest
  @EnumSource(
      value = JobOutcome.class,
      names = {"REFUSED", "FAILED"})
  void T33_aSetThatCannotBeMadeIsGivenUpAndTheApplicationComesBack(JobOutcome outcome) {
    Seen seen = new Seen();
    seen.stage = ended(outcome);
    assertThat(seen.next())
        .returns("RestoreFailed", RestoreState::reason)
        .satisfies(s -> assertThat(s.actions()).singleElement().isInstanceOf(Annotate.class));
    seen.rollback = "RestoreFailed: words";
    assertThat(seen.next().actions())
        .containsExactly(
            new ReleaseClaim(),
            new ReturnConsumers(List.of(seen.consumer)),
            new Annotate(Annotations.RETURNED_AT, NOW.toString()),
            new DeleteJob(RestoreRole.STAGE),
            new Annotate(Annotations.ENDED, RestorePhase.FAILED.value()));
  }

  @Test
  void beforeItsPodIsGoneNobodyComesBack() {
    Seen seen = new Seen();
    seen.deleting = true;
    seen.stage = new Work(JobOutcome.RUNNING, false, null, null, "", false);
    assertThat(seen.next().actions()).containsExactly(new DeleteJob(RestoreRole.STAGE));
    seen.stage = new Work(JobOutcome.ABSENT, false, null, null, "", false);
    assertThat(seen.next().actions()).isEmpty();
    seen.stage = NONE;
    assertThat(seen.next().actions())
        .contains(new Annotate(Annotations.ENDED, RestorePhase.ROLLED_BACK.value()));
  }

  @Test
  void T27_fromTheSwapOnThereIsOnlyForward() {
    Seen seen = new Seen();
    seen.swapStarted = NOW;
    seen.held = true;
    seen.stage = ended(JobOutcome.COMPLETE);
    seen.deleting = true;
    seen.rollback = "Reason: spoiled";
    assertThat(seen.next().actions()).containsExactly(new CreateJob(RestoreRole.SWAP));
    seen.swap = new Work(JobOutcome.RUNNING, false, null, null, "", false);
    assertThat(seen.next().actions()).isEmpty();
    seen.swap = ended(JobOutcome.FAILED);
    assertThat(seen.next())
        .returns("SwapFailed", RestoreState::reason)
        .returns(List.of(new DeleteJob(RestoreRole.SWAP)), RestoreState::actions);
    seen.swap = ended(JobOutcome.COMPLETE);
    assertThat(seen.next().actions()).containsExactly(new DeleteJob(RestoreRole.SWAP));
    seen.restored = "{}";
    assertThat(seen.next().actions())
        .containsExactly(
            new MarkClaim("{}"),
            new Annotate(Annotations.RESTORED, "{}"),
            new ReturnConsumers(List.of(seen.consumer)),
            new Annotate(Annotations.RETURNED_AT, NOW.toString()));
    seen.returnedAt = NOW;
    seen.consumer = app(Holder.NOBODY, "2");
    assertThat(seen.next().actions())
        .containsExactly(new DeleteJob(RestoreRole.STAGE), new DeleteJob(RestoreRole.SWAP));
    seen.stage = NONE;
    seen.swap = NONE;
    assertThat(seen.next().actions())
        .containsExactly(new Annotate(Annotations.ENDED, RestorePhase.DONE.value()));
  }

  @Test
  void T24_whoCameBackSinceTheDecisionIsWaitedForBeforeAnythingIsExchanged() {
    Seen seen = new Seen();
    seen.swapStarted = NOW;
    seen.consumer = app(Holder.US, "2");
    assertThat(seen.next().actions()).containsExactly(new Fence(List.of(seen.consumer)));
    seen.consumer = app(Holder.US, "0");
    seen.pods = List.of(new ForeignPod("p", NOW, true, null));
    assertThat(seen.next())
        .returns("StoppingConsumers", RestoreState::reason)
        .returns(List.of(), RestoreState::actions);
    seen.pods = List.of();
    assertThat(seen.next().actions())
        .containsExactly(new HoldClaim(), new CreateJob(RestoreRole.SWAP));
  }

  @Test
  void aSwapWhoseJobWasNeverMadeIsTakenBack() {
    Seen seen = new Seen();
    seen.swapStarted = NOW;
    seen.pods = List.of(new ForeignPod("p", NOW, true, null));
    seen.deleting = true;
    assertThat(seen.next().actions()).singleElement().isInstanceOf(TakeBack.class);
    seen.deleting = false;
    seen.swapStarted = NOW.minus(RestoreMachine.FENCE_TIMEOUT).minusSeconds(1);
    assertThat(seen.next())
        .returns("RestoreNotStarted", RestoreState::reason)
        .satisfies(s -> assertThat(s.actions()).singleElement().isInstanceOf(TakeBack.class));
    // Nobody knows what one has done that was made.
    seen.held = true;
    seen.deleting = true;
    assertThat(seen.next())
        .returns("StoppingConsumers", RestoreState::reason)
        .returns(List.of(), RestoreState::actions);
  }

  @Test
  void beforeAJobIsDeletedThatMayHaveExchangedFilesTheClaimSaysSo() {
    Seen seen = new Seen();
    seen.swapStarted = NOW;
    for (JobOutcome outcome : List.of(JobOutcome.FAILED, JobOutcome.COMPLETE)) {
      seen.swap = ended(outcome);
      assertThat(seen.next().actions())
          .containsExactly(new HoldClaim(), new DeleteJob(RestoreRole.SWAP));
    }
  }

  @Test
  void T33_whatIsGoneBeforeAnythingWasExchangedIsGivenUp() {
    Seen seen = new Seen();
    seen.swapStarted = NOW;
    seen.stage = ended(JobOutcome.COMPLETE);
    seen.held = true;
    seen.swap = swapSaid(JobOutcome.REFUSED, true);
    assertThat(seen.next().actions())
        .singleElement()
        .isInstanceOfSatisfying(
            TakeBack.class, back -> assertThat(back.why()).startsWith("RestoreFailed: "));
    // As while somebody has a database open, who is no pod.
    seen.swap = swapSaid(JobOutcome.FAILED, true);
    assertThat(seen.next().actions()).singleElement().isInstanceOf(TakeBack.class);
    seen.swap = swapSaid(JobOutcome.FAILED, false);
    assertThat(seen.next()).returns("SwapFailed", RestoreState::reason);
    seen.swap = swapSaid(JobOutcome.REFUSED, false);
    assertThat(seen.next()).returns("SwapFailed", RestoreState::reason);
    seen.swap = new Work(JobOutcome.FAILED, false, NOW, null, "", true);
    assertThat(seen.next()).as("a pod is left").returns("SwapFailed", RestoreState::reason);

    seen.swap = swapSaid(JobOutcome.REFUSED, true);
    seen.swapStarted = null;
    seen.rollback = "RestoreFailed: gone";
    assertThat(seen.next().actions())
        .containsExactly(
            new ReleaseClaim(),
            new ReturnConsumers(List.of(seen.consumer)),
            new Annotate(Annotations.RETURNED_AT, NOW.toString()),
            new DeleteJob(RestoreRole.STAGE),
            new DeleteJob(RestoreRole.SWAP),
            new Annotate(Annotations.ENDED, RestorePhase.FAILED.value()));
  }

  private static Work swapSaid(JobOutcome outcome, boolean untouched) {
    return new Work(outcome, true, NOW.minusSeconds(60), null, "words", untouched);
  }

  @Test
  void PIP_22_whatTheClaimSaysWasDoneIsNotDoneAgain() {
    Seen seen = before();
    seen.marked = true;
    assertThat(seen.next().actions())
        .containsExactly(new Annotate(Annotations.ENDED, RestorePhase.DONE.value()));
    seen.plan = null;
    seen.consumer = app(Holder.US, "0");
    assertThat(seen.next().actions())
        .containsExactly(
            new ReturnConsumers(List.of(seen.consumer)),
            new Annotate(Annotations.ENDED, RestorePhase.DONE.value()));
    // With a Job left over, whose pod is gone with its words.
    seen.swapStarted = Instant.EPOCH;
    seen.swap = ended(JobOutcome.COMPLETE);
    assertThat(seen.next().actions())
        .containsExactly(
            new ReturnConsumers(List.of(seen.consumer)),
            new DeleteJob(RestoreRole.SWAP),
            new Annotate(Annotations.ENDED, RestorePhase.DONE.value()));
  }

  @Test
  void withoutItsPlanTheApplicationComesBackBeforeTheSwapAndNotAfterIt() {
    Seen seen = new Seen();
    seen.plan = null;
    seen.obstacle = new RestoreScene.Obstacle("PlanSpoiled", "spoiled", false);
    assertThat(seen.next())
        .returns("PlanSpoiled", RestoreState::reason)
        .returns(List.of(), RestoreState::actions);
    seen.fencedAt = NOW.minus(RestoreMachine.FENCE_TIMEOUT).minusSeconds(1);
    assertThat(seen.next().actions())
        .containsExactly(
            new Annotate(Annotations.ROLLBACK, "PlanSpoiled: spoiled; the data are as they were"));
    // All annotations are gone, and a consumer that is held tells of it.
    seen.fencedAt = null;
    assertThat(seen.next().actions()).singleElement().isInstanceOf(Annotate.class);
    seen.deleting = true;
    assertThat(seen.next().actions()).contains(new ReturnConsumers(List.of(seen.consumer)));

    seen.swapStarted = NOW;
    seen.swap = ended(JobOutcome.FAILED);
    assertThat(seen.next())
        .returns("PlanSpoiled", RestoreState::reason)
        .returns(List.of(), RestoreState::actions);
    seen.swap = ended(JobOutcome.COMPLETE);
    seen.restored = "{}";
    assertThat(seen.next().actions()).contains(new ReturnConsumers(List.of(seen.consumer)));
  }

  @Test
  void ofAnInstanceThatIsGoneTheRestoreCanBeDeletedAtAnyTime() {
    Seen seen = new Seen();
    seen.swapStarted = NOW;
    seen.present = false;
    assertThat(seen.next()).returns("InstanceNotFound", RestoreState::reason);
    assertThat(seen.next().actions()).isEmpty();
    seen.deleting = true;
    assertThat(seen.next().actions())
        .contains(
            new ReturnConsumers(List.of(seen.consumer)),
            new Annotate(Annotations.ENDED, RestorePhase.FAILED.value()));
    // The volume stays, and the application would find half of it.
    seen.held = true;
    assertThat(seen.next().actions())
        .containsExactly(new Annotate(Annotations.ENDED, RestorePhase.FAILED.value()));
  }

  @Test
  void whoeverScalesUpMeanwhileIsStoppedAgain() {
    Seen seen = new Seen();
    seen.swapStarted = NOW;
    seen.consumer = app(Holder.US, "2");
    seen.swap = new Work(JobOutcome.RUNNING, false, null, null, "", false);
    assertThat(seen.next().actions()).containsExactly(new Fence(List.of(seen.consumer)));
  }

  @Test
  void anInstanceThatGoesIsNotRestoredOver() {
    Seen seen = new Seen();
    seen.present = false;
    assertThat(seen.next()).returns("InstanceNotFound", RestoreState::reason);
  }

  @Test
  void theWordIsOfThisPlanAlone() {
    RestorePlan other =
        new RestorePlan(
            "another",
            PLAN.source(),
            PLAN.claim(),
            PLAN.claimUid(),
            PLAN.databases(),
            PLAN.expected(),
            PLAN.consistentAt(),
            PLAN.rows(),
            PLAN.bytes(),
            PLAN.decidedAt());
    RestorePlan later =
        new RestorePlan(
            PLAN.of(),
            PLAN.source(),
            PLAN.claim(),
            PLAN.claimUid(),
            PLAN.databases(),
            PLAN.expected(),
            PLAN.consistentAt(),
            PLAN.rows(),
            PLAN.bytes(),
            NOW.toString());
    assertThat(PLAN.token())
        .startsWith("one-")
        .isNotEqualTo(other.token())
        .isNotEqualTo(later.token());
  }
}
