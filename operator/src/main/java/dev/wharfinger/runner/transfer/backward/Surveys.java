package dev.wharfinger.runner.transfer.backward;

import dev.wharfinger.runner.transfer.codec.Cell;
import dev.wharfinger.runner.transfer.codec.ColumnEncoder;
import dev.wharfinger.runner.transfer.codec.ColumnFacts;
import dev.wharfinger.runner.transfer.codec.Encoders;
import dev.wharfinger.runner.transfer.codec.RowBuffer;
import dev.wharfinger.runner.transfer.codec.Verdict;
import dev.wharfinger.runner.transfer.format.FormatSurvey;
import dev.wharfinger.runner.transfer.sqlite.StoredForm;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Looks at every value that the file has in a table. */
final class Surveys {
  private Surveys() {}

  /** One survey a column, in the table's order. */
  static List<FormatSurvey> of(LikeFile like, BackTable table, StoredForm form) throws Exception {
    List<FormatSurvey> surveys = new ArrayList<>();
    for (BackColumn column : table.columns) {
      surveys.add(new FormatSurvey(column.candidates, column.affinity, form, Long.MAX_VALUE));
    }
    if (surveys.isEmpty()) {
      return surveys;
    }
    List<ColumnEncoder> encoders = encoders(like, table);
    Cell cell = new Cell();
    Cell sent = new Cell();
    RowBuffer buffer = new RowBuffer();
    like.database()
        .forEach(
            table.readBackSql(),
            row -> {
              for (int i = 0; i < surveys.size(); i++) {
                row.read(i, cell);
                buffer.truncate(0);
                Verdict verdict = encoders.get(i).encode(sent.set(cell), buffer);
                surveys.get(i).see(cell, verdict, buffer, 0);
              }
            });
    return surveys;
  }

  /** The way forward for the values of a file, into what is written of them. */
  private static List<ColumnEncoder> encoders(LikeFile like, BackTable table) throws SQLException {
    List<ColumnEncoder> encoders = forward(like, table);
    for (int i = 0; i < encoders.size(); i++) {
      BackColumn column = table.columns.get(i);
      if (column.converted()) {
        encoders.set(i, column.encoder(ColumnFacts.NONE));
      }
    }
    return encoders;
  }

  /** The way forward for the values of a file. */
  static List<ColumnEncoder> forward(LikeFile like, BackTable table) throws SQLException {
    List<ColumnEncoder> encoders = new ArrayList<>();
    for (BackColumn column : table.columns) {
      encoders.add(
          column.forward(
              Encoders.needsFacts(column.postgres.type())
                  ? like.database().facts(table.sqlite.name(), column.sqlite.name())
                  : ColumnFacts.NONE));
    }
    return encoders;
  }
}
