package dev.wharfinger.runner.transfer.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.runner.transfer.codec.Cell;
import dev.wharfinger.runner.transfer.codec.Choices;
import dev.wharfinger.runner.transfer.codec.Encoders;
import dev.wharfinger.runner.transfer.codec.RowBuffer;
import dev.wharfinger.runner.transfer.codec.TargetType;
import dev.wharfinger.runner.transfer.codec.Verdict;
import dev.wharfinger.runner.transfer.sqlite.SourceColumn.Affinity;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every format says what the way forward understands. */
class FormatsTest {
  private final Cell cell = new Cell();

  private static byte[] number(long value) {
    return ByteBuffer.allocate(8).putLong(0, value).array();
  }

  private static Field field(byte[] bytes) {
    return new Field().set(bytes, 0, bytes.length);
  }

  private static byte[] random(String type, Random random) {
    long micros = random.nextLong(-60_000_000_000_000_000L, 250_000_000_000_000_000L);
    long unit = new long[] {1, 10, 1000, 1_000_000, 60_000_000, 86_400_000_000L}[random.nextInt(6)];
    byte[] uuid = new byte[16];
    random.nextBytes(uuid);
    return switch (type) {
      case "timestamp", "timestamptz" -> number(micros - micros % unit);
      case "date" -> Arrays.copyOfRange(number(random.nextInt(-700_000, 2_900_000)), 4, 8);
      case "time" -> number(Math.floorMod(micros - micros % unit, 86_400_000_000L));
      case "uuid" -> uuid;
      case "bool" -> new byte[] {(byte) random.nextInt(2)};
      case "int8" -> number(random.nextLong(-1L << 53, 1L << 53));
      default ->
          number(Double.doubleToLongBits(random.nextGaussian() * (1 + random.nextInt(1000))));
    };
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"timestamp", "timestamptz", "date", "time", "uuid", "bool", "int8", "float8"})
  void whatAFormatWritesComesForwardAsTheSame(String type) {
    Random random = new Random(7);
    RowBuffer forward = new RowBuffer();
    for (Format format : Formats.of(type, "", Affinity.BLOB)) {
      int written = 0;
      for (int i = 0; i < 2000; i++) {
        byte[] value = random(type, random);
        // A REAL holds no microseconds of a far year.
        boolean coarse = format.name().equals("julian-day") || format.name().endsWith("-real");
        if (coarse && fine(type, value)) {
          continue;
        }
        if (format.cell(field(value), cell).rejected()) {
          continue;
        }
        forward.truncate(0);
        Verdict verdict =
            Encoders.of(TargetType.of(type, -1), false, format.facts(), Choices.NONE)
                .encode(cell, forward);
        assertThat(verdict.rejected()).as(format.name() + " " + verdict.rule()).isFalse();
        assertThat(Arrays.copyOfRange(forward.data(), 4, forward.size()))
            .as(format.name())
            .isEqualTo(value);
        written++;
      }
      assertThat(written).as(format.name()).isPositive();
    }
  }

  private static boolean fine(String type, byte[] value) {
    return type.startsWith("timestamp") && ByteBuffer.wrap(value).getLong(0) % 1_000_000 != 0;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "YYYY-MM-DD HH:MM:SS.ffffff|0|2000-01-01 00:00:00.000000",
        "YYYY-MM-DDTHH:MM:SS.fffZ|120000|2000-01-01T00:00:00.120Z",
        "YYYY-MM-DD HH:MM:SS.fffffffff|120001|2000-01-01 00:00:00.120001000",
        "YYYY-MM-DD HH:MM:SS[.f]|120000|2000-01-01 00:00:00.12",
        "YYYY-MM-DD HH:MM:SS[.f]|0|2000-01-01 00:00:00",
        "YYYY-MM-DD HH:MM:SS[.fff]|120000|2000-01-01 00:00:00.120",
        "YYYY-MM-DD HH:MM:SS[.fff]|120010|2000-01-01 00:00:00.120010",
        "YYYY-MM-DD HH:MM:SS[.ffffff]|120000|2000-01-01 00:00:00.120000",
        "YYYY-MM-DD HH:MM UTC|60000000|2000-01-01 00:01 UTC",
        "YYYY-MM-DD|0|2000-01-01",
      })
  void timesAsTheNameSays(String name, long micros, String expected) {
    assertThat(named("timestamp", name).cell(field(number(micros)), cell)).isEqualTo(Verdict.EXACT);
    assertThat(cell.text()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "YYYY-MM-DD HH:MM:SS|1|time-finer-than-format",
        "YYYY-MM-DD HH:MM:SS.fff|1|time-finer-than-format",
        "YYYY-MM-DD|1|time-finer-than-format",
        "epoch-seconds|1|time-finer-than-format",
        "YYYY-MM-DD HH:MM:SS|9223372036854775807|time-out-of-range",
        "epoch-seconds|-9223372036854775808|time-out-of-range",
        "epoch-nanoseconds|252455615999000000|time-out-of-range",
      })
  void timesThatHaveNoPlaceInAFormat(String name, long micros, String rule) {
    assertThat(named("timestamp", name).cell(field(number(micros)), cell).rule()).isEqualTo(rule);
  }

  private static Format named(String type, String name) {
    return Formats.of(type, "", Affinity.BLOB).stream()
        .filter(format -> format.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void documentsAreSpacedAndNothingElse() {
    String document = "\u0001{\"a, b\": [1.10, \"\\u00e9\\\"\\n: \", {}], \"\u00e9\": null}";
    byte[] jsonb = document.getBytes(StandardCharsets.UTF_8);
    assertThat(written("compact", jsonb))
        .isEqualTo("{\"a, b\":[1.10,\"é\\\"\\n: \",{}],\"é\":null}");
    assertThat(written("spaced", jsonb))
        .isEqualTo("{\"a, b\": [1.10, \"é\\\"\\n: \", {}], \"é\": null}");
    assertThat(written("spaced-ascii", jsonb))
        .isEqualTo("{\"a, b\": [1.10, \"\\u00e9\\\"\\n: \", {}], \"\\u00e9\": null}");
  }

  private String written(String name, byte[] jsonb) {
    named("jsonb", name).cell(field(jsonb), cell);
    return cell.text();
  }
}
