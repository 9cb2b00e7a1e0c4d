package dev.wharfinger.operator.migration;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wharfinger.operator.model.Annotations;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON merge patches that stop a consumer and bring it back. Size and annotations travel in one
 * patch, against the version that was read: a crash leaves a consumer either untouched or
 * remembered.
 */
public final class FencePatch {
  private static final ObjectMapper JSON = new ObjectMapper();

  private FencePatch() {}

  /** Asks for no pod and remembers what was asked for before. */
  public static String stop(Consumer consumer, String migrationUid) {
    return patch(
        consumer,
        migrationUid,
        consumer.sizeToRemember(),
        switch (consumer.kind()) {
          case DEPLOYMENT, STATEFUL_SET -> map("replicas", 0);
          case CRON_JOB -> map("suspend", true);
          case DAEMON_SET -> nodeSelector(migrationUid);
        });
  }

  /** Asks for what was asked for before and takes the annotations away. */
  public static String giveBack(Consumer consumer) {
    String size = consumer.remembered() == null ? consumer.size() : consumer.remembered();
    return patch(
        consumer,
        null,
        null,
        switch (consumer.kind()) {
          case DEPLOYMENT, STATEFUL_SET -> map("replicas", replicas(size));
          case CRON_JOB -> map("suspend", Boolean.parseBoolean(size));
          case DAEMON_SET -> nodeSelector(null);
        });
  }

  /** One replica where somebody spoiled the remembered number: more can be asked for later. */
  private static int replicas(String size) {
    return size.matches("[0-9]{1,6}") ? Integer.parseInt(size) : 1;
  }

  private static Map<String, Object> nodeSelector(@Nullable String value) {
    return map("template", map("spec", map("nodeSelector", map(Annotations.FENCED_NODE, value))));
  }

  private static String patch(
      Consumer consumer,
      @Nullable String fencedBy,
      @Nullable String remembered,
      Map<String, Object> spec) {
    Map<String, Object> annotations = map(Annotations.FENCED_BY, fencedBy);
    annotations.put(Annotations.REPLICAS, remembered);
    Map<String, Object> metadata = map("uid", consumer.uid());
    metadata.put("resourceVersion", consumer.resourceVersion());
    metadata.put("annotations", annotations);
    Map<String, Object> patch = map("metadata", metadata);
    patch.put("spec", spec);
    try {
      return JSON.writeValueAsString(patch);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a map of strings is JSON", e);
    }
  }

  /** A map that may hold null, which a merge patch reads as: remove. */
  @SuppressWarnings("NullAway")
  private static Map<String, Object> map(String key, @Nullable Object value) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put(key, value);
    return map;
  }
}
