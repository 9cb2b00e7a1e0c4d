package dev.wharfinger.runner.transfer.codec;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * JSON documents: validity as PostgreSQL sees it, and a form in which equal documents are equal.
 */
public final class Json {
  private static final JsonMapper STRICT = mapper(true);
  private static final JsonMapper LOOSE = mapper(false);

  private static final Pattern NEGATIVE_ZERO = Pattern.compile("-0(\\.0*)?([eE][+-]?\\d+)?");

  private Json() {}

  private static JsonMapper mapper(boolean strict) {
    JsonMapper mapper =
        JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .configure(StreamReadFeature.STRICT_DUPLICATE_DETECTION, strict)
            .disable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .nodeFactory(JsonNodeFactory.withExactBigDecimals(true))
            .build();
    mapper
        .getFactory()
        .setStreamReadConstraints(
            StreamReadConstraints.builder()
                .maxStringLength(Integer.MAX_VALUE)
                .maxNumberLength(200_000)
                .maxNestingDepth(3000)
                .build());
    return mapper;
  }

  /**
   * Reads one document.
   *
   * @param uniqueKeys whether a key given twice in one object is an error
   * @throws JsonProcessingException where this is no JSON; its message holds data
   */
  static JsonNode parse(String text, boolean uniqueKeys) throws JsonProcessingException {
    JsonNode node = (uniqueKeys ? STRICT : LOOSE).readTree(text);
    if (node.isMissingNode()) {
      throw new EmptyDocument();
    }
    return node;
  }

  /**
   * Looks whether this is one document, as the type json does: by its form, whatever its numbers
   * come to.
   *
   * @throws JsonProcessingException where it is none; its message holds data
   */
  static void check(String text) throws JsonProcessingException {
    try (JsonParser parser = LOOSE.createParser(text)) {
      if (parser.nextToken() == null) {
        throw new EmptyDocument();
      }
      parser.skipChildren();
      if (parser.currentToken() == null || parser.nextToken() != null) {
        throw new EmptyDocument();
      }
    } catch (JsonProcessingException e) {
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException("a text in memory cannot be read", e);
    }
  }

  /**
   * Whether a document has a zero with a sign, of which no decimal number keeps it.
   *
   * @throws JsonProcessingException where it is no document; its message holds data
   */
  static boolean negativeZero(String text) throws JsonProcessingException {
    return mayHaveNegativeZero(text) && numbers(text).stream().anyMatch(Json::isNegativeZero);
  }

  /** Whether it is worth looking: dates have zeros behind dashes too, but digits before them. */
  static boolean mayHaveNegativeZero(String text) {
    for (int at = text.indexOf("-0"); at >= 0; at = text.indexOf("-0", at + 1)) {
      if (at == 0 || "[,: \t\r\n".indexOf(text.charAt(at - 1)) >= 0) {
        return true;
      }
    }
    return false;
  }

  /** Whether a number of a document is a zero with a sign. */
  static boolean isNegativeZero(String number) {
    return NEGATIVE_ZERO.matcher(number).matches();
  }

  /**
   * The numbers of a document as they are written, in their order.
   *
   * @throws JsonProcessingException where it is no document; its message holds data
   */
  static List<String> numbers(String text) throws JsonProcessingException {
    List<String> numbers = new ArrayList<>();
    try (JsonParser parser = LOOSE.createParser(text)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token.isNumeric()) {
          numbers.add(parser.getText());
        }
      }
      return numbers;
    } catch (JsonProcessingException e) {
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException("a text in memory cannot be read", e);
    }
  }

  /** Bytes that are equal exactly where two documents are: keys sorted, numbers by value. */
  public static byte[] canonical(byte[] document) {
    try {
      return canonical(parse(new String(document, StandardCharsets.UTF_8), false));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a document that had been checked is no JSON", e);
    }
  }

  static byte[] canonical(JsonNode node) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    write(node, out);
    return out.toByteArray();
  }

  private static void write(JsonNode node, ByteArrayOutputStream out) {
    if (node.isObject()) {
      Map<String, JsonNode> sorted = new TreeMap<>();
      node.properties().forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
      tag('{', sorted.size(), out);
      sorted.forEach((key, value) -> {
        bytes('k', key, out);
        write(value, out);
      });
    } else if (node.isArray()) {
      tag('[', node.size(), out);
      node.forEach(item -> write(item, out));
    } else if (node.isTextual()) {
      bytes('s', node.textValue(), out);
    } else if (node.isNumber()) {
      BigDecimal value = node.decimalValue().stripTrailingZeros();
      bytes('n', value.unscaledValue() + "e" + -value.scale(), out);
    } else {
      tag(node.isNull() ? '0' : node.booleanValue() ? 't' : 'f', 0, out);
    }
  }

  private static void bytes(char tag, String text, ByteArrayOutputStream out) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    tag(tag, bytes.length, out);
    out.writeBytes(bytes);
  }

  private static void tag(char tag, int size, ByteArrayOutputStream out) {
    out.write(tag);
    out.writeBytes(ByteBuffer.allocate(4).putInt(size).array());
  }

  private static final class EmptyDocument extends JsonProcessingException {
    private static final long serialVersionUID = 1L;

    EmptyDocument() {
      super("empty document");
    }
  }
}
