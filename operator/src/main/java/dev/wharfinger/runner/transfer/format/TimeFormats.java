package dev.wharfinger.runner.transfer.format;

import dev.wharfinger.runner.transfer.sql.Names;
import dev.wharfinger.runner.transfer.sqlite.SourceColumn.Affinity;
import java.util.ArrayList;
import java.util.List;

/** The formats of times and of spans of time. */
final class TimeFormats {
  private static final char[] SEPARATORS = {' ', 'T'};
  private static final String[] ZONES = {
    "", "+00:00", "Z", "+00", " UTC", " +00:00", "+0000", " +0000 UTC"
  };

  private TimeFormats() {}

  static List<Format> intervals(Affinity affinity) {
    List<Format> formats = new ArrayList<>();
    if (affinity != Affinity.TEXT) {
      formats.add(new IntervalFormat("microseconds", 1));
      formats.add(new IntervalFormat("milliseconds", 1000));
      formats.add(new IntervalFormat("seconds", 1_000_000));
    }
    if (affinity == Affinity.NUMERIC || affinity == Affinity.TEXT) {
      formats.add(new IntervalFormat("epoch-date", IntervalFormat.MOMENT));
      formats.add(new IntervalFormat("[d.]HH:MM:SS[.fffffff]", IntervalFormat.SPAN));
    }
    return formats;
  }

  static List<Format> times(String type, Affinity affinity) {
    List<Format> formats = new ArrayList<>();
    boolean numbers = affinity == Affinity.INTEGER || affinity == Affinity.REAL;
    if (!numbers && type.equals("date")) {
      formats.add(TimeFormat.of(type, (char) 0, Fraction.NONE, ""));
    }
    for (Fraction fraction : numbers ? new Fraction[0] : Fraction.values()) {
      if (type.equals("time")) {
        formats.add(TimeFormat.of(type, (char) 0, fraction, ""));
        formats.add(TimeFormat.ofFirstDay(fraction));
        continue;
      }
      for (char separator : SEPARATORS) {
        for (String zone : ZONES) {
          formats.add(TimeFormat.of(type, separator, fraction, zone));
        }
      }
    }
    if (!numbers && type.startsWith("timestamp")) {
      formats.add(TimeFormat.of(type, (char) 0, Fraction.NONE, ""));
    }
    if (affinity != Affinity.TEXT && !type.equals("time")) {
      for (EpochFormat.Unit unit : EpochFormat.Unit.values()) {
        String name = Names.lower(unit.name()).replace('_', '-');
        formats.add(
            new EpochFormat(name.startsWith("julian") ? name : "epoch-" + name, type, unit));
      }
    }
    return formats;
  }
}
