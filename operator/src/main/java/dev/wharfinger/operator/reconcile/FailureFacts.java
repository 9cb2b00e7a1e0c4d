package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.operator.backup.BackupHistory;
import dev.wharfinger.operator.backup.BackupRecord;
import dev.wharfinger.operator.job.References;
import dev.wharfinger.operator.migration.PodsInTheWay;
import dev.wharfinger.operator.model.Labels;
import dev.wharfinger.operator.model.Volume;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the operator knows where a tool's words leave off: names that somebody would have to look up
 * before anything can be mended. Of what was read already; nothing is asked for it.
 */
final class FailureFacts {
  private final Run run;
  private final List<Pod> pods;

  /**
   * The facts of one instance.
   *
   * @param pods all of its namespace
   */
  FailureFacts(Run run, List<Pod> pods) {
    this.run = run;
    this.pods = pods;
  }

  /**
   * One sentence, or nothing where there is none to add.
   *
   * @param pod whose container failed
   */
  String of(String reason, Pod pod, String container) {
    return switch (reason) {
      case "DatabaseLocked" -> onFile() ? holders(pod) : "";
      case "IntegrityCheckFailed" -> lastBackup();
      case "PathWrong" -> onFile() ? path(pod, container) : "";
      case "DiskFull" -> room();
      case "AuthenticationFailed" -> secret();
      default -> "";
    };
  }

  private boolean onFile() {
    return run.active().backend() == Backend.SQLITE;
  }

  private String holders(Pod failed) {
    String claim = run.model().names().dataClaim();
    List<String> names =
        pods.stream()
            .filter(PodsInTheWay::live)
            .filter(p -> References.mountsClaim(p.getSpec(), claim))
            .map(p -> p.getMetadata().getName())
            .filter(name -> !name.equals(failed.getMetadata().getName()))
            .sorted()
            .toList();
    return names.isEmpty()
        ? "no other pod has claim " + claim + " by now"
        : "besides it claim " + claim + " is used by " + list("pod", names);
  }

  private String lastBackup() {
    BackupRecord last =
        new BackupHistory(
                run.observed().backups().stream()
                    .filter(b -> Labels.isOurs(b, run.instance()))
                    .map(BackupRecord::of)
                    .toList())
            .lastSuccessful();
    return last == null
        ? "there is no StorageBackup of it that is good"
        : "the last that is good is StorageBackup " + last.name();
  }

  private String path(Pod pod, String container) {
    String claim = run.model().names().dataClaim();
    List<String> volumes =
        pod.getSpec().getVolumes().stream()
            .filter(v ->
                v.getPersistentVolumeClaim() != null
                    && claim.equals(v.getPersistentVolumeClaim().getClaimName()))
            .map(v -> v.getName())
            .toList();
    Container of =
        Stream.concat(
                pod.getSpec().getInitContainers().stream(), pod.getSpec().getContainers().stream())
            .filter(c -> container.equals(c.getName()))
            .findFirst()
            .orElse(null);
    List<String> files =
        of == null
            ? List.of()
            : of.getVolumeMounts().stream()
                .filter(m -> volumes.contains(m.getName()))
                .map(VolumeMount::getMountPath)
                .flatMap(at -> run.model().sqlite().databases().stream().map(f -> at + "/" + f))
                .toList();
    return (files.isEmpty()
            ? "container " + container + " has no volume with the files of claim " + claim
            : "there container " + container + " has " + String.join(", ", files))
        + ", and it runs with "
        + user(pod.getSpec().getSecurityContext(), of == null ? null : of.getSecurityContext());
  }

  private static String user(@Nullable PodSecurityContext pod, @Nullable SecurityContext own) {
    Long uid = own == null ? null : own.getRunAsUser();
    Long gid = own == null ? null : own.getRunAsGroup();
    return "uid "
        + said(uid == null && pod != null ? pod.getRunAsUser() : uid)
        + ", gid "
        + said(gid == null && pod != null ? pod.getRunAsGroup() : gid)
        + " and fsGroup "
        + (pod == null || pod.getFsGroup() == null ? "that is not set" : pod.getFsGroup());
  }

  private static String said(@Nullable Long number) {
    return number == null ? "of its image" : number.toString();
  }

  private String room() {
    PersistentVolumeClaim claim =
        onFile() ? run.observed().dataClaim() : run.observed().serverClaim();
    if (claim == null || run.external() != null) {
      return "";
    }
    Quantity has =
        claim.getStatus() == null || claim.getStatus().getCapacity() == null
            ? null
            : claim.getStatus().getCapacity().get("storage");
    String type = claim.getSpec().getStorageClassName();
    return "claim "
        + claim.getMetadata().getName()
        + " has "
        + (has == null ? Volume.requested(claim) : has)
        + (type == null || type.isEmpty()
            ? ""
            : ", and can grow where StorageClass " + type + " has allowVolumeExpansion");
  }

  private String secret() {
    if (onFile()) {
      return "";
    }
    var external = run.model().external();
    return external == null
        ? "it has the one in Secret "
            + run.model().names().role()
            + ", unless somebody gave it another: write that one into Secret "
            + run.model().names().credentials()
        : "the one that was used is in Secret " + external.credentialsSecretRef().name();
  }

  private static String list(String noun, List<String> names) {
    return (names.size() == 1 ? noun : noun + "s") + " " + String.join(", ", names);
  }
}
