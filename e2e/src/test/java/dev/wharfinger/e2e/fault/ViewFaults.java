package dev.wharfinger.e2e.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.api.v1alpha1.StorageInstance;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** An operator whose view of the world is late, torn or old. */
@Execution(ExecutionMode.CONCURRENT)
class ViewFaults {

  @TestFactory
  Stream<DynamicTest> T09_anOldListAfterARestartDeletesNothingOfANamesake() {
    return Trial.byBoth(
        "T09_oldList",
        lane -> {
          lane.create(Deeds.instance("{deletionPolicy: Delete}"));
          lane.create(Deeds.application(true));
          Deeds.atWork(lane);
          lane.merge(Deployment.class, "app", "{\"spec\":{\"replicas\":0}}");
          String uid = lane.get(StorageInstance.class, "app").getMetadata().getUid();
          lane.delete(StorageInstance.class, "app");
          lane.until(
              "a confirmation is asked for",
              () ->
                  Conditions.reason(
                      lane.find(StorageInstance.class, "app"), "ConfirmationRequired"));
          lane.operator().kill();
          lane.merge(
              StorageInstance.class,
              "app",
              "{\"metadata\":{\"annotations\":{\"wharfinger.dev/confirm-delete\":\"app/%s\"}}}"
                  .formatted(uid));
          OldView view = OldView.of(lane);
          lane.operator().start();
          lane.until("the instance is gone", () -> lane.find(StorageInstance.class, "app") == null);

          lane.create(Deeds.instance("{deletionPolicy: Delete}"));
          lane.merge(Deployment.class, "app", "{\"spec\":{\"replicas\":2}}");
          Deeds.atWork(lane);
          String claim = lane.get(PersistentVolumeClaim.class, "app-data").getMetadata().getUid();

          lane.operator().kill();
          view.show();
          int begin = lane.history().size();
          lane.operator().start();
          // The old instance is being deleted, with consent: its operator now tries to.
          lane.until(
              "an attempt to delete",
              () -> lane.history().writes(begin).anyMatch(r -> r.verb().equals("delete")));
          view.hide();
          Deeds.atWork(lane);
          Rest.await(lane);
          assertThat(lane.get(PersistentVolumeClaim.class, "app-data").getMetadata())
              .satisfies(m -> assertThat(m.getUid()).isEqualTo(claim))
              .satisfies(m -> assertThat(m.getDeletionTimestamp()).isNull());
        });
  }

  @TestFactory
  Stream<DynamicTest> T10_eventsOfJobsComeLate() {
    return Trial.byBoth(
        "T10_lateJobs",
        lane -> {
          Deeds.createSqlite(lane);
          lane.proxy().watches().hold("jobs");
          int begin = lane.history().size();
          Deeds.ask(lane, "PostgreSQL");
          lane.until(
              "the preflight has ended",
              () -> {
                Job job = lane.find(Job.class, "app-2-preflight");
                return job != null && job.getStatus().getCompletionTime() != null;
              });
          // What goes on without the events goes on by looking.
          release(lane, Duration.ofSeconds(Settings.full() ? 60 : 10));
          lane.until("the move is done", () -> Conditions.phase(lane, "Done"));
          Deeds.atWork(lane);
          assertThat(
                  lane.history()
                      .writes(begin)
                      .filter(r -> r.is("create", "jobs"))
                      .map(ApiRequest::name))
              .doesNotHaveDuplicates();
          Trial.endsAsWithout(lane, "T06_switch");
        });
  }

  private static void release(Lane lane, Duration after) {
    var clock = Executors.newSingleThreadScheduledExecutor();
    clock.schedule(lane.proxy().watches()::release, after.toSeconds(), TimeUnit.SECONDS);
    clock.shutdown();
  }

  @TestFactory
  Stream<DynamicTest> T11_theFenceIsJudgedByLiveReads() {
    return Trial.byBoth(
        "T11_lateDeletions",
        lane -> {
          Deeds.createSqlite(lane);
          lane.proxy().watches().hold("pods", "persistentvolumeclaims");
          lane.kubelet().linger(pod -> !pod.getMetadata().getLabels().containsKey("job-name"));
          Deeds.ask(lane, "PostgreSQL");
          lane.until(
              "the application was told to stop",
              () -> lane.get(Deployment.class, "app").getSpec().getReplicas() == 0);
          // Round after round the operator looks, and the pods are still there: I1 watches.
          int begin = lane.history().size();
          lane.until(
              "looks at the pods",
              () -> lane.history().requests(begin).filter(r -> r.is("list", "pods")).count() > 5);
          assertThat(lane.find(Job.class, "app-2-transfer")).isNull();
          lane.kubelet().linger(pod -> false);
          lane.until("the transfer begins", () -> lane.find(Job.class, "app-2-transfer") != null);
          lane.proxy().watches().release();
          lane.until("the move is done", () -> Conditions.phase(lane, "Done"));
          Deeds.atWork(lane);
          Trial.endsAsWithout(lane, "T06_switch");
        });
  }

  @TestFactory
  Stream<DynamicTest> T12_watchesAreCutAndExpireAllTheTime() {
    return Trial.byBoth(
        "T12_tornWatches",
        lane -> {
          Deeds.createSqlite(lane);
          int begin = lane.history().size();
          int[] turns = {0};
          var clock = Executors.newSingleThreadScheduledExecutor();
          clock.scheduleWithFixedDelay(
              () -> {
                if (turns[0]++ % 2 == 0) {
                  lane.proxy().watches().cut(resource -> true);
                } else {
                  lane.proxy().watches().expire(resource -> true);
                }
              },
              0,
              1,
              TimeUnit.SECONDS);
          try {
            Deeds.move(lane);
          } finally {
            clock.shutdownNow();
          }
          assertThat(
                  lane.history()
                      .requests(begin)
                      .filter(r -> r.verb().equals("list") && r.uri().getQuery() != null)
                      .filter(r -> r.uri().getQuery().contains("resourceVersion=0"))
                      .count())
              .as("lists: one for each watch and expiry at most, and never a storm")
              .isLessThanOrEqualTo((long) RestFaults.INFORMERS * (turns[0] + 1));
          Trial.endsAsWithout(lane, "T06_switch");
        });
  }
}
