package dev.wharfinger.runner.transfer.codec;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** An enum type: its label, or the only label that differs by case alone. */
final class EnumEncoder implements ValueEncoder {
  private static final Verdict CASE = Verdict.normalised("enum-label-case");
  private static final Verdict UNKNOWN = Verdict.rejected("no-such-enum-label");
  private static final byte[] AMBIGUOUS = {};
  private final Map<String, byte[]> exact = new HashMap<>();
  private final Map<String, byte[]> folded = new HashMap<>();

  EnumEncoder(List<String> labels) {
    for (String label : labels) {
      byte[] bytes = label.getBytes(StandardCharsets.UTF_8);
      exact.put(label, bytes);
      folded.merge(label.toLowerCase(Locale.ROOT), bytes, (a, b) -> AMBIGUOUS);
    }
  }

  @Override
  public Verdict encode(Cell cell, RowBuffer out) {
    if (cell.storage() != Storage.TEXT) {
      return WRONG_STORAGE;
    }
    String text = new String(cell.bytes(), StandardCharsets.UTF_8);
    byte[] label = exact.get(text);
    if (label != null) {
      out.field(label);
      return Verdict.EXACT;
    }
    label = folded.get(text.toLowerCase(Locale.ROOT));
    if (label == null || label == AMBIGUOUS) {
      return UNKNOWN;
    }
    out.field(label);
    return CASE;
  }
}
