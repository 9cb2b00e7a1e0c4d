package dev.wharfinger.runner.transfer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Text, bytes, uuid, json, jsonb and enums. */
final class TextEncoders {
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxNestingDepth(10_000)
                  .build())
          .build();
  private static final ObjectMapper TREES =
      new ObjectMapper(JSON).enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  private TextEncoders() {}

  /**
   * text, varchar(n), char(n).
   *
   * @param length code points at most, 0 for unlimited
   * @param padded whether the server pads with blanks
   */
  static Encoder text(int length, boolean padded) {
    return new Encoder() {
      @Override
      public Outcome encode(Value value) {
        return switch (value) {
          case Value.Text t -> checked(t.bytes(), null);
          case Value.Int i ->
              checked(
                  Long.toString(i.value()).getBytes(StandardCharsets.US_ASCII),
                  "integer in a text column");
          case Value.Real r ->
              checked(
                  Double.toString(r.value()).getBytes(StandardCharsets.US_ASCII),
                  "real in a text column");
          case Value.Blob b -> Outcome.rejected("bytes in a text column");
          case Value.Null n -> Outcome.NULL;
        };
      }

      private Outcome checked(byte[] bytes, @Nullable String rule) {
        CharBuffer chars = decode(bytes);
        if (chars == null) {
          return Outcome.rejected("text that is not valid UTF-8");
        }
        for (byte b : bytes) {
          if (b == 0) {
            return Outcome.rejected("text with a NUL character, which PostgreSQL cannot hold");
          }
        }
        if (length > 0 && Character.codePointCount(chars, 0, chars.length()) > length) {
          return Outcome.rejected("text longer than " + length + " characters");
        }
        return rule == null ? Outcome.exact(bytes) : Outcome.normalised(bytes, rule);
      }

      @Override
      public byte[] canonical(byte[] field) {
        if (!padded) {
          return field;
        }
        int end = field.length;
        while (end > 0 && field[end - 1] == ' ') {
          end--;
        }
        return Arrays.copyOf(field, end);
      }
    };
  }

  private static @Nullable CharBuffer decode(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(bytes));
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  /** bytea. */
  static Encoder bytes() {
    return value ->
        switch (value) {
          case Value.Blob b -> Outcome.exact(b.bytes());
          case Value.Text t ->
              Outcome.normalised(t.bytes(), "text in a bytea column, byte for byte");
          case Value.Int i -> Outcome.rejected("an integer in a bytea column");
          case Value.Real r -> Outcome.rejected("a real in a bytea column");
          case Value.Null n -> Outcome.NULL;
        };
  }

  /** uuid: 36 characters, 32 hexadecimal digits, braces, urn:uuid:, or 16 bytes. */
  static Encoder uuid() {
    return value ->
        switch (value) {
          case Value.Blob b when b.bytes().length == 16 -> Outcome.exact(b.bytes());
          case Value.Blob b -> Outcome.rejected("bytes that are not 16 in a uuid column");
          case Value.Text t -> uuidText(new String(t.bytes(), StandardCharsets.ISO_8859_1));
          case Value.Int i ->
              Outcome.rejected(
                  "an integer in a uuid column (SQLite may have turned a uuid into it)");
          case Value.Real r ->
              Outcome.rejected("a real in a uuid column (SQLite may have turned a uuid into it)");
          case Value.Null n -> Outcome.NULL;
        };
  }

  private static Outcome uuidText(String text) {
    String hex =
        text.strip()
            .toLowerCase(Locale.ROOT)
            .replaceFirst("^urn:uuid:", "")
            .replaceFirst("^\\{(.*)}$", "$1");
    boolean dashed = hex.matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    if (!dashed && !hex.matches("[0-9a-f]{32}")) {
      return Outcome.rejected("text that is not a uuid in a uuid column");
    }
    byte[] bytes = HexFormat.of().parseHex(hex.replace("-", ""));
    return dashed && hex.equals(text)
        ? Outcome.exact(bytes)
        : Outcome.normalised(bytes, "uuid spelled otherwise");
  }

  /** An enum, by label. */
  static Encoder label(List<String> labels) {
    return value -> {
      if (!(value instanceof Value.Text text)) {
        return value instanceof Value.Null
            ? Outcome.NULL
            : Outcome.rejected("no text in an enum column");
      }
      String word = new String(text.bytes(), StandardCharsets.UTF_8);
      if (labels.contains(word)) {
        return Outcome.exact(text.bytes());
      }
      List<String> alike = labels.stream().filter(label -> label.equalsIgnoreCase(word)).toList();
      return alike.size() == 1
          ? Outcome.normalised(
              alike.getFirst().getBytes(StandardCharsets.UTF_8), "label in another case")
          : Outcome.rejected("a word that is not one of the labels " + String.join(", ", labels));
    };
  }

  /** json: the text is kept as it is. */
  static Encoder json() {
    return value -> json(value, false);
  }

  /** jsonb: the server keeps the meaning, so the meaning is what is compared. */
  static Encoder jsonb() {
    return new Encoder() {
      @Override
      public Outcome encode(Value value) {
        Outcome outcome = json(value, true);
        byte[] text = outcome.bytes();
        if (text == null) {
          return outcome;
        }
        byte[] field = new byte[text.length + 1];
        field[0] = 1;
        System.arraycopy(text, 0, field, 1, text.length);
        return new Outcome(field, outcome.kind(), outcome.rule());
      }

      @Override
      public byte[] canonical(byte[] field) {
        try {
          StringBuilder out = new StringBuilder();
          append(TREES.readTree(field, 1, field.length - 1), out);
          return out.toString().getBytes(StandardCharsets.UTF_8);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    };
  }

  private static Outcome json(Value value, boolean binary) {
    return switch (value) {
      case Value.Text t -> {
        String fault = fault(t.bytes(), binary);
        yield fault == null ? Outcome.exact(t.bytes()) : Outcome.rejected(fault);
      }
      case Value.Int i ->
          Outcome.normalised(
              Long.toString(i.value()).getBytes(StandardCharsets.US_ASCII),
              "JSON number stored as integer");
      case Value.Real r when Double.isFinite(r.value()) ->
          Outcome.normalised(
              Double.toString(r.value()).getBytes(StandardCharsets.US_ASCII),
              "JSON number stored as real");
      case Value.Real r -> Outcome.rejected("an infinite number in a JSON column");
      case Value.Blob b -> Outcome.rejected("bytes in a JSON column");
      case Value.Null n -> Outcome.NULL;
    };
  }

  private static @Nullable String fault(byte[] text, boolean binary) {
    if (decode(text) == null) {
      return "text that is not valid UTF-8";
    }
    try (JsonParser parser = JSON.createParser(text)) {
      parser.configure(StreamReadFeature.STRICT_DUPLICATE_DETECTION.mappedFeature(), binary);
      int depth = 0;
      int values = 0;
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        values += depth == 0 && !token.isStructEnd() ? 1 : 0;
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        if (binary
            && (token == JsonToken.VALUE_STRING || token == JsonToken.FIELD_NAME)
            && parser.getText().indexOf('\0') >= 0) {
          return "JSON with \\u0000, which jsonb cannot hold";
        }
      }
      return values == 1 ? null : "text that is not one JSON value in a JSON column";
    } catch (IOException e) {
      return "text that is not valid JSON (or names a key twice) in a JSON column";
    }
  }

  private static void append(JsonNode node, StringBuilder out) {
    if (node.isObject()) {
      TreeMap<String, JsonNode> sorted = new TreeMap<>();
      node.properties().forEach(e -> sorted.put(e.getKey(), e.getValue()));
      out.append('{');
      sorted.forEach((key, child) -> {
        out.append(key.length()).append(':').append(key).append('=');
        append(child, out);
      });
      out.append('}');
    } else if (node.isArray()) {
      out.append('[');
      node.forEach(child -> {
        append(child, out);
        out.append(',');
      });
      out.append(']');
    } else if (node.isNumber()) {
      out.append(node.decimalValue().stripTrailingZeros());
    } else {
      out.append(node.getNodeType())
          .append(node.asText().length())
          .append(':')
          .append(node.asText());
    }
  }
}
