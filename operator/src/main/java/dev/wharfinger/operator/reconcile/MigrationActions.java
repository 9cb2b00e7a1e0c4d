package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.StorageMigration;
import dev.wharfinger.operator.job.JobRole;
import dev.wharfinger.operator.job.Move;
import dev.wharfinger.operator.migration.Action;
import dev.wharfinger.operator.migration.CandidateBinding;
import dev.wharfinger.operator.migration.Consumer;
import dev.wharfinger.operator.migration.FencePatch;
import dev.wharfinger.operator.migration.ScratchServer;
import dev.wharfinger.operator.model.Annotations;
import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.util.Map;
import java.util.Objects;

/**
 * The hands of the switch. Each change of state insists on the version that was read, so that of
 * two operators that both believe to be the leader only one gets through.
 */
final class MigrationActions {
  private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);

  private final KubernetesClient client;
  private final Clock clock;
  private final MigrationView view;
  private StorageMigration migration;

  MigrationActions(KubernetesClient client, Clock clock, MigrationView view) {
    this.client = client;
    this.clock = clock;
    this.view = view;
    this.migration = view.migration();
  }

  /** Does one action; an exception ends the pass, and the next one looks again. */
  void run(Action action) {
    switch (action) {
      case Action.Annotate(String name, String value) -> annotate(name, value);
      case Action.Fence fence ->
          fence.consumers().forEach(c -> patch(c, FencePatch.stop(c, uid())));
      case Action.ReturnConsumers back ->
          back.consumers().forEach(c -> patch(c, FencePatch.giveBack(c)));
      case Action.CreateJob(JobRole role) ->
          create(
              new MigrationJobFactory(move(), view.consumers(), view.place(), view.serverClaim())
                  .job(role));
      case Action.DeleteJob(JobRole role) -> deleteJob(role);
      case Action.CreateCandidateBinding() ->
          create(CandidateBinding.desired(move(), view.credentials()));
      case Action.CreateScratchServer() -> createScratchServer();
      case Action.DeleteScratchServer() -> deleteScratchServer();
      case Action.MarkClaims() -> new MigrationFlip(client, clock, view).markClaims();
      case Action.FlipBinding() -> new MigrationFlip(client, clock, view).flipBinding();
    }
  }

  /** The migration as the actions left it. */
  StorageMigration migration() {
    return migration;
  }

  private void annotate(String name, String value) {
    StorageMigration patch = new StorageMigration();
    patch.getMetadata().setResourceVersion(migration.getMetadata().getResourceVersion());
    patch.getMetadata().setAnnotations(Map.of(name, value));
    migration =
        client
            .resources(StorageMigration.class)
            .inNamespace(namespace())
            .withName(migration.getMetadata().getName())
            .patch(
                MERGE,
                client
                    .getKubernetesSerialization()
                    .asJson(Map.of("metadata", patch.getMetadata())));
  }

  private void patch(Consumer consumer, String patch) {
    new ConsumerHands(client, namespace()).patch(consumer, patch);
  }

  private void create(HasMetadata desired) {
    try {
      client.resource(desired).create();
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
      requireOurs(desired, e);
    }
  }

  /** It exists: made by an earlier pass or another leader, or else by a stranger. */
  private void requireOurs(HasMetadata desired, KubernetesClientException e) {
    HasMetadata live = client.resource(desired).get();
    if (live == null) {
      // Another conflict than that it exists, such as one about a quota: nothing was made.
      throw e;
    }
    MigrationJobs.requireOurs(live, migration);
  }

  private void deleteJob(JobRole role) {
    Job job = view.jobs().get(role);
    if (job == null) {
      return;
    }
    DeleteOptions options =
        new DeleteOptionsBuilder()
            .withApiVersion("v1")
            .withKind("DeleteOptions")
            .withPropagationPolicy("Background")
            .withNewPreconditions()
            .withUid(job.getMetadata().getUid())
            .endPreconditions()
            .build();
    client.raw(
        "/apis/batch/v1/namespaces/%s/jobs/%s".formatted(namespace(), job.getMetadata().getName()),
        "DELETE",
        options);
  }

  /** The mode is noted first: what follows looks at the server that is made, not at the spec. */
  private void createScratchServer() {
    if (Annotations.get(migration, Annotations.SSL_MODE) == null) {
      annotate(Annotations.SSL_MODE, move().model().sslMode());
    }
    ScratchServer.objects(move().model(), move().server(), clock.instant()).forEach(this::create);
  }

  /** What costs memory; the Secret and the rest go with the migration, which owns them. */
  private void deleteScratchServer() {
    if (!move().server().scratch()) {
      throw new IllegalStateException("the instance's own server is never deleted by a migration");
    }
    client
        .resources(StatefulSet.class)
        .inNamespace(namespace())
        .withName(move().server().name())
        .delete();
  }

  private Move move() {
    return Objects.requireNonNull(view.move(), "decided only while the instance exists");
  }

  private String uid() {
    return migration.getMetadata().getUid();
  }

  private String namespace() {
    return migration.getMetadata().getNamespace();
  }
}
