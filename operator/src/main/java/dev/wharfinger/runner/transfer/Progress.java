package dev.wharfinger.runner.transfer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tells how far a run is: JSON lines on stdout for Jobs, a line a second on stderr for people. */
public final class Progress {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long EVERY = Duration.ofSeconds(1).toNanos();

  private final @Nullable PrintStream json;
  private final @Nullable PrintStream text;
  private String phase = "planning";
  private long rows;
  private long totalRows;
  private long last = System.nanoTime();

  private Progress(@Nullable PrintStream json, @Nullable PrintStream text) {
    this.json = json;
    this.text = text;
  }

  /** JSON lines on {@code out}. */
  public static Progress json(PrintStream out) {
    return new Progress(out, null);
  }

  /** Text lines on {@code out}. */
  public static Progress text(PrintStream out) {
    return new Progress(null, out);
  }

  void total(long totalRows) {
    this.totalRows = totalRows;
  }

  void phase(String phase) {
    this.phase = phase;
    say();
  }

  void row() {
    rows++;
    if ((rows & 0xff) == 0 && System.nanoTime() - last > EVERY) {
      say();
    }
  }

  private void say() {
    last = System.nanoTime();
    event(Map.of("event", "progress", "phase", phase, "rows", rows, "totalRows", totalRows));
    if (text != null) {
      text.println(phase + ": " + rows + " of " + totalRows + " rows");
    }
  }

  /** One JSON line, where JSON lines are asked for. */
  void event(Map<String, Object> event) {
    if (json != null) {
      try {
        json.println(JSON.writeValueAsString(event));
        json.flush();
      } catch (JsonProcessingException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
