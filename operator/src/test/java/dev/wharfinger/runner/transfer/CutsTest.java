package dev.wharfinger.runner.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How tables are divided, and hashes of the parts put together. */
class CutsTest {
  @Test
  void aSmallTableIsOnePart() {
    Cuts cuts = new Cuts();
    for (long id = 1; id <= 1000; id++) {
      if (cuts.row(100)) {
        cuts.behind(id);
      }
    }
    assertThat(cuts.ranges(100_000)).containsExactly(Cuts.Range.ALL);
    assertThat(new Cuts().ranges(1)).containsExactly(Cuts.Range.ALL);
  }

  @Test
  void partsFollowEachOtherAndAreOfTheSizeThatWasAskedFor() {
    Cuts cuts = new Cuts();
    for (long id = 1; id <= 2_000_000; id++) {
      if (cuts.row(100)) {
        cuts.behind(3 * id - 1_000_000);
      }
    }

    List<Cuts.Range> ranges = cuts.ranges(10_000_000);

    assertThat(ranges).hasSizeBetween(18, 20);
    assertThat(ranges.getFirst().above()).isNull();
    assertThat(ranges.getLast().upTo()).isNull();
    for (int i = 1; i < ranges.size(); i++) {
      assertThat(ranges.get(i).above()).isEqualTo(ranges.get(i - 1).upTo());
    }
  }

  @Test
  void hashesOfPartsMakeTheHashOfTheWhole() {
    TupleHash whole = new TupleHash(new boolean[2]);
    TupleHash parts = new TupleHash(new boolean[2]);
    for (int part = 0; part < 3; part++) {
      TupleHash one = new TupleHash(new boolean[2]);
      for (int row = 0; row < 5; row++) {
        byte[] tuple = ByteBuffer.allocate(12).putInt(4).putInt(row * part).putInt(-1).array();
        whole.add(tuple, 0, tuple.length);
        one.add(tuple, 0, tuple.length);
      }
      parts.addStored(one.stored());
    }

    assertThat(parts.matches(whole)).isTrue();
    assertThat(parts.rows()).isEqualTo(15);
    parts.addStored(new TupleHash(new boolean[2]).stored());
    assertThat(parts.matches(whole)).isTrue();
  }
}
