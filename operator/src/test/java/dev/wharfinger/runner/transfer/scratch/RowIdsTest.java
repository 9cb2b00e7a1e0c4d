package dev.wharfinger.runner.transfer.scratch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Row numbers are the same in memory and outside of it. */
class RowIdsTest {
  @ParameterizedTest
  @ValueSource(longs = {0, 1, 50, 100_000})
  void aSetIsASetWhereverItIs(long few) throws Exception {
    Random random = new Random(few);
    try (Scratch scratch = new Scratch(few)) {
      List<RowIds> sets = List.of(new RowIds(scratch), new RowIds(scratch), new RowIds(scratch));
      List<Map<Long, Integer>> wanted = List.of(new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
      for (int i = 0; i < 3000; i++) {
        int which = random.nextInt(3);
        long row = random.nextInt(4) == 0 ? random.nextLong() : random.nextInt(200);
        boolean added = wanted.get(which).putIfAbsent(row, i % 7) == null;
        assertThat(sets.get(which).add(row, i % 7)).isEqualTo(added);
      }
      for (int i = 0; i < 3; i++) {
        RowIds set = sets.get(i);
        assertThat(set.size()).isEqualTo(wanted.get(i).size());
        List<String> seen = new ArrayList<>();
        set.forEach((row, mark) -> seen.add(row + "=" + mark));
        assertThat(seen)
            .isEqualTo(wanted.get(i).entrySet().stream().map(Object::toString).toList());
        for (long row = -5; row < 205; row++) {
          assertThat(set.contains(row)).isEqualTo(wanted.get(i).containsKey(row));
          assertThat(set.mark(row)).isEqualTo(wanted.get(i).getOrDefault(row, RowIds.NONE));
        }
      }
      sets.getFirst().clear();
      assertThat(sets.getFirst().isEmpty()).isTrue();
      assertThat(sets.getFirst().contains(7)).isFalse();
      assertThat(sets.getFirst().add(7)).isTrue();
      assertThat(sets.getFirst().contains(7)).isTrue();
      assertThat(sets.get(1).size()).isEqualTo(wanted.get(1).size());
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 3})
  void whatWasThrownAwayIsNotTakenForNothing(long few) throws Exception {
    Scratch scratch = new Scratch(few);
    RowIds rows = new RowIds(scratch);
    for (long row = 0; row < 10; row++) {
      rows.add(row);
    }
    scratch.close();

    // A thread that still runs would otherwise send rows that are to stay behind.
    assertThatThrownBy(() -> rows.contains(3)).isInstanceOf(SQLException.class);
    assertThatThrownBy(() -> rows.add(11)).isInstanceOf(SQLException.class);
    assertThatThrownBy(() -> rows.forEach((row, mark) -> {})).isInstanceOf(SQLException.class);
  }
}
