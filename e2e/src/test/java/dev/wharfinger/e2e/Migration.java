package dev.wharfinger.e2e;

import static org.awaitility.Awaitility.await;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.api.v1alpha1.MigrationPhase;
import dev.wharfinger.api.v1alpha1.StorageMigration;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The newest StorageMigration of an instance, as a person sees it. */
final class Migration {
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  private static final Pattern FLOWING = Pattern.compile("\"phase\":\"copying\",\"rows\":[1-9]");

  private final KubernetesClient client;
  private final String namespace;
  private final String instance;

  Migration(KubernetesClient client, String namespace, String instance) {
    this.client = client;
    this.namespace = namespace;
    this.instance = instance;
  }

  @Nullable StorageMigration get() {
    return client
        .resources(StorageMigration.class)
        .inNamespace(namespace)
        .list()
        .getItems()
        .stream()
        .filter(m -> m.getSpec().instanceRef().name().equals(instance))
        .max(Comparator.comparing(m -> m.getMetadata().getCreationTimestamp()))
        .orElse(null);
  }

  StorageMigration existing() {
    return Objects.requireNonNull(get(), () -> "no StorageMigration of " + instance);
  }

  /** The phase of the moment; null where there is none. */
  @Nullable MigrationPhase phase() {
    StorageMigration migration = get();
    return migration == null || migration.getStatus() == null
        ? null
        : migration.getStatus().phase();
  }

  /** Waits until the move has come to {@code phase} or beyond, and gives where it is. */
  MigrationPhase awaitPhase(MigrationPhase phase) {
    return await("StorageMigration of " + instance + " at " + phase.value())
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(30))
        .until(this::phase, now -> now != null && now.compareTo(phase) >= 0);
  }

  /** Waits for the end, and gives it. */
  MigrationPhase awaitEnd() {
    return awaitPhase(MigrationPhase.DONE);
  }

  /** Waits for the end of the newest move once that is one to {@code backend}, and gives it. */
  MigrationPhase awaitEndTo(Backend backend) {
    await("a move to " + backend)
        .atMost(PATIENCE)
        .until(() -> {
          StorageMigration newest = get();
          return newest != null && newest.getSpec().to() == backend;
        });
    return awaitEnd();
  }

  /**
   * Waits for the report and gives the name of its ConfigMap; the end may be told a moment earlier.
   */
  String awaitReport() {
    return Objects.requireNonNull(
        await("the report of the StorageMigration of " + instance)
            .atMost(PATIENCE)
            .pollDelay(Duration.ZERO)
            .until(
                () -> {
                  var status = existing().getStatus();
                  return status == null || status.reportRef() == null
                      ? null
                      : status.reportRef().name();
                },
                Objects::nonNull));
  }

  /** Waits until the copy has sent rows, and gives what it says. */
  String awaitRowsFlowing() {
    return await("rows of " + instance + " on their way")
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(100))
        .until(this::lastWord, word -> FLOWING.matcher(word).find());
  }

  private String lastWord() {
    StorageMigration migration = get();
    return migration == null
        ? ""
        : Shell.attempt(
                "kubectl",
                "logs",
                "job/" + migration.getMetadata().getName() + "-transfer",
                "-n",
                namespace,
                "--tail=1")
            .output();
  }

  /** How long the application could not write, as the operator tells. */
  String writeStop() {
    StorageMigration migration = existing();
    return migration.getStatus() == null || migration.getStatus().writeStop() == null
        ? "unknown"
        : migration.getStatus().writeStop();
  }

  /** All conditions' messages. */
  String messages() {
    StorageMigration migration = existing();
    List<Condition> conditions =
        migration.getStatus() == null ? null : migration.getStatus().conditions();
    return conditions == null
        ? ""
        : conditions.stream()
            .map(c -> c.getType() + " " + c.getReason() + ": " + c.getMessage())
            .collect(Collectors.joining("\n"));
  }

  /** Wipes the status, as a restore of the resource from a backup does. */
  void wipeStatus() {
    client
        .resources(StorageMigration.class)
        .inNamespace(namespace)
        .withName(existing().getMetadata().getName())
        .subresource("status")
        .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"status\":null}");
  }
}
