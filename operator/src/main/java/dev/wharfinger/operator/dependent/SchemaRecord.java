package dev.wharfinger.operator.dependent;

import dev.wharfinger.operator.job.SchemaAsk;
import dev.wharfinger.operator.job.SchemaReport;
import dev.wharfinger.operator.model.InstanceModel;
import dev.wharfinger.operator.model.Labels;
import dev.wharfinger.operator.model.Owner;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the last Job of schema migrations left behind. It outlives the Job, so that none is made
 * again for what was done, nor for what failed.
 *
 * @param job uid of the Job, or empty where none has run
 * @param ask what it was made for
 * @param epoch how often the data had been moved by then
 * @param failure the reason by which it failed, or empty
 * @param once whether any Job has ended well, or the application was bound without: it may have
 *     been told of its database
 * @param report what it said
 */
public record SchemaRecord(
    String job, SchemaAsk ask, String epoch, String failure, boolean once, SchemaReport report) {
  private static final String COMPONENT = "schema";

  /** The reason of a failure that has no other. */
  public static final String FAILED = "SchemaMigrationFailed";

  /** Before the first Job. */
  public static final SchemaRecord NONE =
      new SchemaRecord("", SchemaAsk.NOTHING, "", "", false, SchemaReport.NONE);

  /** Reads a record. */
  public static SchemaRecord of(@Nullable ConfigMap config) {
    Map<String, String> data = config == null ? null : config.getData();
    if (data == null) {
      return NONE;
    }
    return new SchemaRecord(
        text(data, "job"),
        new SchemaAsk(text(data, "content"), text(data, "migrate"), text(data, "repair")),
        text(data, "epoch"),
        text(data, "outcome").equals("failed")
            // One of an earlier version has no word for it.
            ? Objects.requireNonNullElse(data.get("reason"), FAILED)
            : "",
        text(data, "once").equals("true"),
        new SchemaReport(
            text(data, "message"), data.get("tool"), data.get("revision"), data.get("copy")));
  }

  /** The same of an application that was told of its database. */
  public SchemaRecord bound() {
    return new SchemaRecord(job, ask, epoch, failure, true, report);
  }

  /** Whether it failed. */
  public boolean failed() {
    return !failure.isEmpty();
  }

  /** The ConfigMap that says it. */
  public ConfigMap desired(InstanceModel model) {
    Map<String, String> data = new TreeMap<>();
    data.put("job", job);
    data.put("content", ask.content());
    data.put("migrate", ask.migrate());
    data.put("repair", ask.repair());
    data.put("epoch", epoch);
    data.put("outcome", failed() ? "failed" : "migrated");
    put(data, "reason", failed() && !failure.equals(FAILED) ? failure : null);
    data.put("once", Boolean.toString(once));
    data.put("message", report.message());
    put(data, "tool", report.tool());
    put(data, "revision", report.revision());
    put(data, "copy", report.copy());
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withName(model.names().schemaRecord())
        .withNamespace(model.namespace())
        .withLabels(Labels.of(model.instance(), COMPONENT))
        .withOwnerReferences(Owner.of(model.instance()))
        .endMetadata()
        .withData(data)
        .build();
  }

  private static void put(Map<String, String> data, String key, @Nullable String value) {
    if (value != null) {
      data.put(key, value);
    }
  }

  private static String text(Map<String, String> data, String key) {
    return Objects.requireNonNullElse(data.get(key), "");
  }
}
