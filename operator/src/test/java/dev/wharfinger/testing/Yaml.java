package dev.wharfinger.testing;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Objects as YAML, read and written the way the client does it. */
public final class Yaml {
  private static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();

  private Yaml() {}

  /** Reads one object. */
  public static <T> T read(Class<T> type, String yaml) {
    return SERIALIZATION.unmarshal(yaml, type);
  }

  /** Writes one object, its keys sorted. */
  public static String write(Object object) {
    return SERIALIZATION.asYaml(sorted(SERIALIZATION.convertValue(object, Map.class)));
  }

  private static Object sorted(Object value) {
    return switch (value) {
      case Map<?, ?> map -> {
        Map<String, Object> result = new TreeMap<>();
        map.forEach((key, item) -> result.put(String.valueOf(key), sorted(item)));
        yield result;
      }
      case List<?> list -> list.stream().map(Yaml::sorted).toList();
      default -> value;
    };
  }
}
