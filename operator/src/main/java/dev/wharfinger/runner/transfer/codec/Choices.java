package dev.wharfinger.runner.transfer.codec;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What was decided for one column.
 *
 * @param of choice of each kind; a kind that is not there fails
 */
public record Choices(Map<PolicyKind, String> of) {
  /** Nothing was decided. */
  public static final Choices NONE = new Choices(Map.of());

  /** What was chosen to be done with the value: neither to fail nor to keep its row aside. */
  public Optional<String> get(PolicyKind kind) {
    return Optional.ofNullable(of.get(kind))
        .filter(choice -> !choice.equals(PolicyKind.FAIL) && !choice.equals(PolicyKind.ASIDE));
  }

  /**
   * Whether a row is kept aside.
   *
   * @param kind the kind that decides about what is wrong with it; null where none does
   */
  public boolean quarantines(@Nullable PolicyKind kind) {
    String own = kind == null ? null : of.get(kind);
    return PolicyKind.ASIDE.equals(own)
        || (!PolicyKind.FAIL.equals(own) && has(PolicyKind.QUARANTINE));
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
