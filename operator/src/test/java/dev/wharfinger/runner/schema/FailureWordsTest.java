package dev.wharfinger.runner.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.flywaydb.core.api.FlywayException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

class FailureWordsTest {

  @Test
  void rowsOfSeveralLinesAreLeftOut() {
    String words =
        FailureWords.of(
            new FlywayException(
                """
                Script V3__twice.sql failed
                ---------------------------
                SQL State  : 23505
                Message    : ERROR: duplicate key value violates unique constraint "u"
                  Detail: Key (text)=(first line
                second line) already exists.
                Location   : V3__twice.sql
                Line       : 2
                """));

    assertThat(words)
        .isEqualTo(
            "Script V3__twice.sql failed; SQL State : 23505; ERROR: duplicate key value violates unique"
                + " constraint \"u\"; Line : 2");
  }

  @Test
  void aValueThatThePrimaryMessageQuotesIsLeftOut() {
    String words =
        FailureWords.of(
            new FlywayException(
                """
                Script V4__cards.sql failed
                SQL State  : 22P02
                Message    : ERROR: invalid input syntax for type integer: "4111 1111
                1111 1111"
                Line       : 7
                """));

    assertThat(words).isEqualTo("Script V4__cards.sql failed; SQL State : 22P02; Line : 7");
  }

  @ParameterizedTest
  @CsvSource({
    "08001, true",
    "57P03, true",
    "53300, true",
    "40P01, true",
    "55P03, true",
    "42601, false",
    "28P01, false",
    "23505, false"
  })
  void whatMayPassIsTriedAgain(String state, boolean again) {
    assertThat(FailureWords.mayPass(new FlywayException("x", new SQLException("x", state))))
        .isEqualTo(again);
  }

  @Test
  void aLockedFileIsTriedAgainAndAFullDiskIsNot() {
    assertThat(mayPass(SQLiteErrorCode.SQLITE_BUSY)).isTrue();
    assertThat(mayPass(SQLiteErrorCode.SQLITE_BUSY_SNAPSHOT)).isTrue();
    assertThat(mayPass(SQLiteErrorCode.SQLITE_LOCKED)).isTrue();
    assertThat(mayPass(SQLiteErrorCode.SQLITE_FULL)).isFalse();
  }

  private static boolean mayPass(SQLiteErrorCode code) {
    return FailureWords.mayPass(new FlywayException("x", new SQLiteException("x", code)));
  }
}
