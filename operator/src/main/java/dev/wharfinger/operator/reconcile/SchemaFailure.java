package dev.wharfinger.operator.reconcile;

import dev.wharfinger.operator.model.SecretText;
import dev.wharfinger.operator.status.Failure;
import dev.wharfinger.operator.status.KnownFailure;
import dev.wharfinger.operator.status.Scrubbed;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Why the application's own migrations failed, from the last words of their pod. */
final class SchemaFailure {
  private SchemaFailure() {}

  /**
   * The reason that is known for what the pod of a move said, or {@code SchemaMigrationFailed}.
   *
   * @param pod the last that tried; null where it is gone
   * @param credentials whose password must not be repeated
   */
  static Failure of(@Nullable Pod pod, @Nullable Secret credentials) {
    String where =
        pod == null ? "" : "; the log of pod " + pod.getMetadata().getName() + " has all of it";
    String said = pod == null ? "" : PodDiagnosis.said(pod).orElse("");
    List<String> secrets = Stream.ofNullable(SecretText.of(credentials, "password")).toList();
    Optional<KnownFailure> known = KnownFailure.in(said);
    if (known.isPresent()) {
      return new Failure(
          known.get().reason(),
          "the Job that makes the schema failed: " + words(known.get(), said, secrets) + where);
    }
    String words = words(said, secrets);
    return new Failure(
        "SchemaMigrationFailed",
        "the Job that makes the schema on the target failed"
            + (words.isEmpty() ? "; its pods' logs say why" : ": " + words + where));
  }

  /** The same of a pod that ran the command on the backend that holds the data. */
  static Failure standing(Pod pod, String container, String said, @Nullable Secret credentials) {
    List<String> secrets = Stream.ofNullable(SecretText.of(credentials, "password")).toList();
    Optional<KnownFailure> known = KnownFailure.in(said);
    String words = known.isPresent() ? words(known.get(), said, secrets) : words(said, secrets);
    return new Failure(
        known.map(KnownFailure::reason).orElse("SchemaMigrationFailed"),
        (words.isEmpty() ? "the command said nothing " + PodDiagnosis.endedBy(pod) : words).strip()
            + "; the log of container "
            + container
            + " of pod "
            + pod.getMetadata().getName()
            + " has all of it");
  }

  private static String words(KnownFailure known, String said, List<String> secrets) {
    return Scrubbed.of(known.line(said), secrets) + "; " + known.advice();
  }

  private static String words(String said, List<String> secrets) {
    return PodDiagnosis.tail(Scrubbed.of(PodDiagnosis.withoutData(said), secrets));
  }
}
