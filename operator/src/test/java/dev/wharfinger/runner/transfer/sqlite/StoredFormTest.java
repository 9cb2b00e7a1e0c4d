package dev.wharfinger.runner.transfer.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.runner.transfer.codec.Cell;
import dev.wharfinger.runner.transfer.codec.Storage;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is foretold of a value is what SQLite itself makes of it. */
class StoredFormTest {
  private static List<Object> values() {
    List<Object> values = new ArrayList<>();
    for (String text :
        List.of(
            "",
            "0",
            "-0",
            "00",
            "07",
            "7",
            "-7",
            "+7",
            " 7",
            "7 ",
            "7.0",
            "7.",
            ".5",
            "1e3",
            "-",
            "x",
            "999999999999999",
            "-999999999999999",
            "1000000000000000",
            "9007199254740993",
            "9223372036854775807",
            "9223372036854775808",
            "0x10",
            "2024-01-02",
            "1_000",
            "٧")) {
      values.add(text);
    }
    for (double real :
        new double[] {
          0.0, -0.0, 1.0, -1.0, 0.1, 1e15, 0x1p51, -0x1p51, 0x1p53, 1e300, 5e-324, 123456789.0
        }) {
      values.add(real);
    }
    for (long whole :
        new long[] {0, 1, -1, 1L << 50, 1L << 51, (1L << 53) + 1, Long.MAX_VALUE, Long.MIN_VALUE}) {
      values.add(whole);
    }
    Random random = new Random(1);
    for (int i = 0; i < 500; i++) {
      long whole = random.nextLong() >> random.nextInt(64);
      values.add(whole);
      values.add(Long.toString(whole));
      values.add((double) whole);
      values.add(Double.toString(random.nextGaussian()));
    }
    return values;
  }

  private static Cell cell(Object value) {
    Cell cell = new Cell();
    switch (value) {
      case Long whole -> cell.setInteger(whole);
      case Double real -> cell.setReal(real);
      default -> cell.setText(value.toString());
    }
    return cell;
  }

  @ParameterizedTest
  @EnumSource
  void isWhatSqliteMakesOfIt(SourceColumn.Affinity affinity) throws Exception {
    try (Connection memory = DriverManager.getConnection("jdbc:sqlite::memory:");
        Statement statement = memory.createStatement();
        StoredForm form = new StoredForm()) {
      statement.execute("CREATE TABLE t (v " + affinity + ")");
      try (PreparedStatement insert = memory.prepareStatement("INSERT INTO t VALUES (?)")) {
        for (Object value : values()) {
          insert.setObject(1, value);
          insert.executeUpdate();
        }
      }
      List<Cell> stored = new ArrayList<>();
      try (PreparedStatement select = memory.prepareStatement("SELECT v FROM t ORDER BY rowid")) {
        new RowCursor(select, StandardCharsets.UTF_8)
            .forEach(row -> {
              Cell cell = new Cell();
              row.read(0, cell);
              stored.add(cell);
            });
      }
      for (int i = 0; i < stored.size(); i++) {
        Object value = values().get(i);
        Cell foretold = cell(value);
        form.apply(foretold, affinity);
        assertThat(foretold.is(stored.get(i)))
            .as("%s %s as %s", value.getClass().getSimpleName(), value, affinity)
            .isTrue();
        if (foretold.storage() == Storage.REAL) {
          assertThat(Double.doubleToRawLongBits(foretold.real()))
              .isEqualTo(Double.doubleToRawLongBits(stored.get(i).real()));
        }
      }
    }
  }
}
