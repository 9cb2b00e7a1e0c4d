package dev.wharfinger.operator.job;

import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.model.Names;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of schema migrations: now, or of the Job that ran last.
 *
 * @param content hash of what is run, and of backend and epoch
 * @param migrate hash of the annotation that asks for one run, or empty
 * @param repair hash of the annotation that asks for a repair, or empty
 */
public record SchemaAsk(String content, String migrate, String repair) {
  public static final SchemaAsk NOTHING = new SchemaAsk("", "", "");

  /**
   * What is said now.
   *
   * @param content what would be run
   * @param repairable whether there is a history that the operator could repair
   */
  public static SchemaAsk now(HasMetadata instance, String content, boolean repairable) {
    return new SchemaAsk(
        content,
        asked(instance, Annotations.MIGRATE_SCHEMA),
        repairable ? asked(instance, Annotations.REPAIR_SCHEMA) : "");
  }

  /**
   * What was done last, as this record of it and the resource itself tell: a history that is
   * repaired takes whatever the files say by then, and is so once for each text, also where the
   * record is lost.
   */
  public SchemaAsk done(HasMetadata instance) {
    String repaired = text(instance, Annotations.SCHEMA_REPAIRED);
    return repaired.equals(asked(instance, Annotations.REPAIR_SCHEMA))
        ? new SchemaAsk(content, migrate, repaired)
        : this;
  }

  /** The text that was obeyed, where the resource does not tell of it yet; or null. */
  public @Nullable String untold(HasMetadata instance) {
    return !repair.isEmpty()
            && repair.equals(asked(instance, Annotations.REPAIR_SCHEMA))
            && !repair.equals(text(instance, Annotations.SCHEMA_REPAIRED))
        ? repair
        : null;
  }

  /**
   * Whether an annotation asks for something, whatever would be run.
   *
   * @param repairable whether there is a history that the operator could repair
   */
  public static boolean byHand(HasMetadata instance, SchemaAsk done, boolean repairable) {
    return fresh(asked(instance, Annotations.MIGRATE_SCHEMA), done.migrate)
        || repairable && fresh(asked(instance, Annotations.REPAIR_SCHEMA), done.repair);
  }

  /** What a Job was made for. */
  public static SchemaAsk of(HasMetadata job) {
    return new SchemaAsk(
        text(job, Annotations.SCHEMA_CONTENT),
        text(job, Annotations.MIGRATE_SCHEMA),
        text(job, Annotations.REPAIR_SCHEMA));
  }

  /** Whether this is to be done, given what was done last. */
  public boolean due(SchemaAsk done, boolean always) {
    return fresh(migrate, done.migrate)
        || fresh(repair, done.repair)
        || always && !content.equals(done.content);
  }

  /** Whether the history is repaired: once for each text of the annotation. */
  public boolean repairs(SchemaAsk done) {
    return fresh(repair, done.repair);
  }

  private static boolean fresh(String asked, String done) {
    return !asked.isEmpty() && !asked.equals(done);
  }

  private static String asked(HasMetadata instance, String annotation) {
    String text = Annotations.get(instance, annotation);
    return text == null || text.isEmpty() ? "" : Names.hash(text);
  }

  private static String text(@Nullable HasMetadata object, String annotation) {
    return Objects.requireNonNullElse(Annotations.get(object, annotation), "");
  }
}
