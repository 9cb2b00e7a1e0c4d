package dev.wharfinger.e2e.fault;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Secrets and ConfigMaps as pods that run see them in their volumes: what changes gets there, and
 * what is deleted stays until the pod ends.
 */
final class Mounts {
  private record Content(long version, Map<String, String> data) {
    static final Content NONE = new Content(0, Map.of());

    static Content newer(Content one, Content other) {
      return other.version < one.version ? one : other;
    }
  }

  private final Map<String, Content> secrets = new ConcurrentHashMap<>();
  private final Map<String, Content> configs = new ConcurrentHashMap<>();

  void seen(History.Seen.Kind kind, HasMetadata object) {
    if (kind == History.Seen.Kind.DELETED) {
      return;
    }
    if (object instanceof Secret secret) {
      note(secrets, object, References.decoded(secret));
    } else if (object instanceof ConfigMap config) {
      note(configs, object, Objects.requireNonNullElse(config.getData(), Map.of()));
    }
  }

  /** What is read when a pod starts may be newer than the news that come after it. */
  private static void note(Map<String, Content> all, HasMetadata object, Map<String, String> data) {
    long version = Long.parseLong(object.getMetadata().getResourceVersion());
    all.merge(object.getMetadata().getName(), new Content(version, data), Content::newer);
  }

  /** A Secret's data as text; empty where it was never seen. */
  Map<String, String> secret(String name) {
    return secrets.getOrDefault(name, Content.NONE).data();
  }

  /** A ConfigMap's data; empty where it was never seen. */
  Map<String, String> config(String name) {
    return configs.getOrDefault(name, Content.NONE).data();
  }
}
