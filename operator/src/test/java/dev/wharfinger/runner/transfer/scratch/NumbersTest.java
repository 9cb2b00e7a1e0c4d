package dev.wharfinger.runner.transfer.scratch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers are in the same order in memory and outside of it. */
class NumbersTest {
  private static List<Long> walked(Numbers numbers) throws Exception {
    List<Long> seen = new ArrayList<>();
    try (Numbers.Walk walk = numbers.walk()) {
      while (walk.next()) {
        seen.add(walk.number());
      }
    }
    return seen;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1999, 2000, 5000})
  void allOfThemComeInOrderEachAsOftenAsItIsThere(int few) throws Exception {
    Random random = new Random(few);
    List<Long> wanted = new ArrayList<>();
    try (Scratch scratch = new Scratch();
        Numbers numbers = new Numbers(scratch, few);
        Numbers none = new Numbers(scratch, few)) {
      for (int i = 0; i < 2000; i++) {
        long number = random.nextBoolean() ? random.nextInt(50) - 25 : random.nextLong();
        wanted.add(number);
        numbers.add(number);
      }
      Collections.sort(wanted);

      assertThat(walked(numbers)).isEqualTo(wanted);
      assertThat(walked(none)).isEmpty();
      assertThat(numbers.inMemory()).isEqualTo(few >= 2000);
      if (numbers.inMemory()) {
        assertThat(numbers.contains(wanted.get(7))).isTrue();
        assertThat(numbers.contains(1000)).isFalse();
      }
    }
  }

  @Test
  void outsideOfMemoryEachKeepsItsRow() throws Exception {
    try (Scratch scratch = new Scratch();
        Numbers numbers = Numbers.outside(scratch)) {
      Map<Long, Long> wanted = new HashMap<>();
      for (long row = 0; row < 500; row++) {
        numbers.add(row * -7919, row);
        wanted.put(row * -7919, row);
      }

      Map<Long, Long> seen = new HashMap<>();
      try (Numbers.Walk walk = numbers.walk()) {
        while (walk.next()) {
          seen.put(walk.number(), walk.row());
        }
      }
      assertThat(seen).isEqualTo(wanted);
    }
  }
}
