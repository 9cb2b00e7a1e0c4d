package dev.wharfinger.e2e.fault;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The first lines of an HTTP message, up to the empty one. */
record HttpHead(List<String> lines) {

  /** Reads no byte more than the head has; null where nothing comes. */
  static @Nullable HttpHead read(InputStream in) throws IOException {
    List<String> lines = new ArrayList<>();
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b >= 0; b = in.read()) {
      if (b != '\n') {
        line.write(b);
        continue;
      }
      String text = line.toString(StandardCharsets.ISO_8859_1).strip();
      if (text.isEmpty()) {
        return new HttpHead(lines);
      }
      lines.add(text);
      line.reset();
    }
    return null;
  }

  /** The second word of the first line: a request's target, or an answer's code. */
  String second() {
    return lines.getFirst().split(" ")[1];
  }

  @Nullable String header(String name) {
    return lines.stream()
        .skip(1)
        .filter(line -> name(line).equals(name))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse(null);
  }

  private static String name(String line) {
    return line.substring(0, Math.max(0, line.indexOf(':'))).toLowerCase(Locale.ROOT);
  }

  HttpHead without(Set<String> names) {
    List<String> left = new ArrayList<>(lines.subList(0, 1));
    lines.stream().skip(1).filter(line -> !names.contains(name(line))).forEach(left::add);
    return new HttpHead(left);
  }

  HttpHead with(String... headers) {
    List<String> more = new ArrayList<>(lines);
    more.addAll(List.of(headers));
    return new HttpHead(more);
  }

  void write(OutputStream out) throws IOException {
    out.write((String.join("\r\n", lines) + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }
}
