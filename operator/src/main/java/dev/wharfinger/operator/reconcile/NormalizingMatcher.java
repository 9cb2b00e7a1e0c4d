package dev.wharfinger.operator.reconcile;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Quantity;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.SSABasedGenericKubernetesResourceMatcher;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * JOSDK's matcher for server-side apply, blind to how the API server spells a value: {@code 1024Mi}
 * comes back as {@code 1Gi}, and without this every run would write.
 */
final class NormalizingMatcher<R extends HasMetadata>
    extends SSABasedGenericKubernetesResourceMatcher<R> {
  private static final Set<String> QUANTITIES = Set.of("requests", "limits", "capacity");

  @Override
  protected boolean matches(
      Map<String, Object> actualMap,
      Map<String, Object> desiredMap,
      R actual,
      R desired,
      Context<?> context) {
    return normalize(actualMap, false).equals(normalize(desiredMap, false));
  }

  private static Map<String, Object> normalize(Map<?, ?> map, boolean quantities) {
    Map<String, Object> result = new TreeMap<>();
    map.forEach((key, value) -> {
      String name = String.valueOf(key);
      Object normal = quantities ? quantity(value) : value(value, QUANTITIES.contains(name));
      if (normal != null) {
        result.put(name, normal);
      }
    });
    return result;
  }

  private static @Nullable Object value(@Nullable Object value, boolean quantities) {
    return switch (value) {
      case null -> null;
      case Map<?, ?> map -> normalize(map, quantities);
      case List<?> list ->
          list.stream().map(item -> value(item, false)).collect(Collectors.toList());
      default -> value;
    };
  }

  private static @Nullable Object quantity(@Nullable Object value) {
    return value == null
        ? null
        : Quantity.parse(value.toString()).getNumericalAmount().stripTrailingZeros();
  }
}
