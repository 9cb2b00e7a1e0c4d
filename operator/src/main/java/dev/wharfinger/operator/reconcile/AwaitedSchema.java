package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.api.v1alpha1.SchemaMigrationsSpec;
import dev.wharfinger.operator.dependent.SchemaRecord;
import dev.wharfinger.operator.job.RevisionJob;
import dev.wharfinger.operator.job.SchemaAsk;
import dev.wharfinger.operator.job.SchemaReport;
import dev.wharfinger.operator.model.Names;
import dev.wharfinger.operator.status.Conditions;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A schema that the operator does not make: the application brings it when it starts, or it is
 * taken as it is. What was read of it once is recorded; nothing ever waits for it.
 *
 * @param adopted whether it is taken as it is
 * @param revision the revision that is expected, or null for any
 * @param content hash of what is expected where
 */
record AwaitedSchema(boolean adopted, @Nullable String revision, String content) {
  /** Component of its Jobs; {@link RevisionJob} has those that somebody asked for by hand. */
  static final String COMPONENT = "schema-awaited";

  /** What the spec says, or null where it says neither. */
  static @Nullable AwaitedSchema of(Run run) {
    SchemaMigrationsSpec spec =
        run.instance().getSpec() == null ? null : run.instance().getSpec().schemaMigrations();
    boolean sqlite = run.active().backend() == Backend.SQLITE;
    if (spec == null
        || spec.onStart() == null && spec.adopt() == null
        || sqlite && run.model().sqlite().inMemory()) {
      return null;
    }
    boolean adopted = spec.adopt() != null;
    String revision =
        spec.onStart() != null
            ? spec.onStart().revision()
            : Objects.requireNonNull(spec.adopt()).revision();
    return new AwaitedSchema(
        adopted,
        revision,
        Names.hash(
            String.join(
                "\n",
                adopted ? "adopt" : "onStart",
                run.active().backend().value(),
                Integer.toString(run.active().epoch()),
                Objects.requireNonNullElse(revision, ""))));
  }

  /** Whether it was found to be as expected. */
  boolean known(Run run) {
    return SchemaRecord.of(run.observed().schemaRecord()).ask().content().equals(content);
  }

  /**
   * Whether somebody has to look again: no event tells what an application does to its database.
   */
  boolean looksAgain(Run run) {
    return !known(run) && !run.model().endpoint().socket();
  }

  /** Whether this is what is expected. */
  boolean met(SchemaReport report) {
    return revision == null
        ? adopted || report.revision() != null
        : revision.equals(report.revision());
  }

  /** What is remembered of a schema that is as expected. */
  SchemaRecord record(Run run, SchemaReport report) {
    SchemaAsk before = SchemaRecord.of(run.observed().schemaRecord()).ask();
    return new SchemaRecord(
        // No Job of ours has made it so. What was obeyed before stays obeyed.
        "",
        new SchemaAsk(content, before.migrate(), before.repair()),
        Integer.toString(run.active().epoch()),
        "",
        true,
        report);
  }

  /** What there is to say. */
  Condition condition(Run run) {
    SchemaReport report = SchemaRecord.of(run.observed().schemaRecord()).report();
    if (known(run)) {
      String found =
          report.revision() == null
              ? "no migration tool has left a table"
              : "it is of revision " + report.revision() + " by the table of " + report.tool();
      return Conditions.advice(
          Schema.TYPE,
          Conditions.TRUE,
          adopted ? "SchemaAdopted" : "SchemaUpToDate",
          (adopted ? "the schema was taken as it is; " : "the application has brought its schema; ")
              + found);
    }
    if (run.model().endpoint().socket()) {
      return Conditions.advice(
          Schema.TYPE,
          Conditions.UNKNOWN,
          "SchemaNotReachable",
          "the server is reached by a socket of the application's own pod, which no Job can use: of which revision the"
              + " schema is cannot be read; remove schemaMigrations");
    }
    SchemaReport last = Readings.of(run.observed(), this).said(run.observed().pods());
    return Conditions.advice(
        Schema.TYPE,
        Conditions.FALSE,
        "SchemaAwaited",
        (adopted ? "the schema is expected to be" : "the application is to bring its schema to")
            + (revision == null ? " a revision" : " revision " + revision)
            + (last == null
                ? ""
                : last.revision() == null
                    ? "; last there was none: " + last.message()
                    : "; last it was of revision " + last.revision())
            + "; it is read again while the application runs");
  }
}
