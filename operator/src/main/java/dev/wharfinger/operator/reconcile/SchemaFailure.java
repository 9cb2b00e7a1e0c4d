package dev.wharfinger.operator.reconcile;

import dev.wharfinger.operator.dependent.SchemaRecord;
import dev.wharfinger.operator.job.JobTemplate;
import dev.wharfinger.operator.job.SchemaReport;
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
    String raw = pod == null ? "" : PodDiagnosis.said(pod).orElse("");
    // The runner of Flyway says it in JSON, and without rows.
    SchemaReport report = SchemaReport.parse(raw);
    String said = report == null ? raw : report.message();
    List<String> secrets = Stream.ofNullable(SecretText.of(credentials, "password")).toList();
    Optional<KnownFailure> known = KnownFailure.in(said).filter(k -> report == null || flyways(k));
    if (known.isPresent()) {
      return new Failure(
          known.get().reason(),
          "the Job that makes the schema failed: "
              + joined(words(known.get(), said, secrets), secret(known.get(), credentials))
              + where);
    }
    String words = report == null ? words(said, secrets) : Scrubbed.of(said, secrets);
    return new Failure(
        "SchemaMigrationFailed",
        "the Job that makes the schema on the target failed"
            + (words.isEmpty() ? "; its pods' logs say why" : ": " + words + where));
  }

  /**
   * The same of a pod that ran the command on the backend that holds the data.
   *
   * @param facts what is known besides what the pod said
   */
  static Failure standing(
      Pod pod, String container, String said, @Nullable Secret credentials, FailureFacts facts) {
    List<String> secrets = Stream.ofNullable(SecretText.of(credentials, "password")).toList();
    Optional<KnownFailure> known = KnownFailure.in(said);
    String words =
        known
            .map(k -> joined(words(k, said, secrets), facts.of(k.reason(), pod, container)))
            .orElseGet(() -> words(said, secrets));
    return new Failure(
        known.map(KnownFailure::reason).orElse("SchemaMigrationFailed"),
        (words.isEmpty() ? "the command said nothing " + PodDiagnosis.endedBy(pod) : words).strip()
            + "; the log of container "
            + container
            + " of pod "
            + pod.getMetadata().getName()
            + " has all of it");
  }

  /** The same of the operator's own runner, whose words are fit to be told as they are. */
  static Failure told(Pod pod, String said, FailureFacts facts) {
    return KnownFailure.in(said)
        .filter(SchemaFailure::flyways)
        .map(k ->
            new Failure(
                k.reason(),
                joined(said + "; " + k.advice(), facts.of(k.reason(), pod, JobTemplate.RUNNER))))
        .orElseGet(() -> new Failure(SchemaRecord.FAILED, said));
  }

  /** It keeps a history: a script of it that makes what is there is wrong itself. */
  private static boolean flyways(KnownFailure known) {
    return !known.reason().equals("SchemaUnversioned");
  }

  private static String secret(KnownFailure known, @Nullable Secret credentials) {
    return known.reason().equals("AuthenticationFailed")
            && credentials != null
            && credentials.getMetadata() != null
            && credentials.getMetadata().getName() != null
        ? "it was tried with the one in Secret " + credentials.getMetadata().getName()
        : "";
  }

  private static String joined(String words, String facts) {
    return facts.isEmpty() ? words : words + "; " + facts;
  }

  private static String words(KnownFailure known, String said, List<String> secrets) {
    return Scrubbed.of(known.line(said), secrets) + "; " + known.advice();
  }

  private static String words(String said, List<String> secrets) {
    return PodDiagnosis.tail(Scrubbed.of(PodDiagnosis.withoutData(said), secrets));
  }
}
