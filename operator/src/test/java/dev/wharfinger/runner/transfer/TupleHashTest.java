package dev.wharfinger.runner.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Sets of rows are the same where every row is there as often, in whatever order. */
class TupleHashTest {
  @Test
  void theOrderOfRowsDoesNotMatter() {
    assertThat(of("a", "b", "a", null).matches(of(null, "a", "a", "b"))).isTrue();
  }

  @Test
  void anotherValueIsAnotherSet() {
    assertThat(of("a", "b").matches(of("a", "c"))).isFalse();
    assertThat(of("a", "").matches(of("a", null))).isFalse();
  }

  /** By exclusive or alone each pair is gone, and any two sets of pairs are one. */
  @Test
  void whatComesTwiceIsNotTakenForSomethingElseThatComesTwice() {
    assertThat(of("a", "a", "b", "b").matches(of("c", "c", "d", "d"))).isFalse();
    assertThat(of("a", "a", "b").matches(of("a", "b", "b"))).isFalse();
  }

  @Test
  void oneThatComesTwiceForOneThatIsGoneIsNoticed() {
    assertThat(of("a", "b", "c").matches(of("a", "b", "b"))).isFalse();
    assertThat(of("a", "b").matches(of("a", "b", "b"))).isFalse();
  }

  @Test
  void whatWasStoredIsAddedAsItWas() {
    TupleHash sum = of("a", null);
    sum.addStored(of("b", "b").stored());
    assertThat(sum.matches(of("a", "b", "b", null))).isTrue();
    assertThat(sum.matches(of("a", "b", "b", ""))).isFalse();
  }

  /** Rows of one column. */
  private static TupleHash of(@Nullable String... rows) {
    TupleHash hash = new TupleHash(new boolean[1]);
    for (String row : rows) {
      byte[] value = row == null ? new byte[0] : row.getBytes(StandardCharsets.UTF_8);
      byte[] field =
          ByteBuffer.allocate(4 + value.length)
              .putInt(row == null ? -1 : value.length)
              .put(value)
              .array();
      hash.add(field, 0, field.length);
    }
    return hash;
  }
}
