package dev.wharfinger.runner.transfer.codec;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * What was decided for one column.
 *
 * @param of choice of each kind; a kind that is not there fails
 */
public record Choices(Map<PolicyKind, String> of) {
  /** Nothing was decided. */
  public static final Choices NONE = new Choices(Map.of());

  /** What was chosen other than to fail. */
  public Optional<String> get(PolicyKind kind) {
    return Optional.ofNullable(of.get(kind)).filter(choice -> !choice.equals(PolicyKind.FAIL));
  }

  /** The same, with {@code choice} where nobody has decided. */
  public Choices or(PolicyKind kind, String choice) {
    Map<PolicyKind, String> all = new EnumMap<>(PolicyKind.class);
    all.put(kind, choice);
    all.putAll(of);
    return new Choices(all);
  }

  /** Whether anything but failing was chosen. */
  boolean has(PolicyKind kind) {
    return get(kind).isPresent();
  }
}
