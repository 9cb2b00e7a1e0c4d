package dev.wharfinger.operator.model;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What stands after a {@code |} in a placeholder. A value that is not there is null. */
sealed interface TemplateFilter {

  /** The value after this filter. */
  @Nullable String apply(@Nullable String value, Map<String, String> words)
      throws TemplateException;

  /** Writes the value for a parser. */
  record Quote(Quoting quoting) implements TemplateFilter {
    @Override
    public @Nullable String apply(@Nullable String value, Map<String, String> words)
        throws TemplateException {
      return value == null ? null : quoting.quote(value);
    }
  }

  /** Another word for each word; what is not listed and has no {@code *} is no value any more. */
  record Translate(Map<String, String> words) implements TemplateFilter {
    @Override
    public @Nullable String apply(@Nullable String value, Map<String, String> all) {
      if (value == null) {
        return null;
      }
      String word = words.get(value);
      return word == null ? words.get("*") : word;
    }
  }

  /** A text where there is no value. */
  record Default(String text) implements TemplateFilter {
    @Override
    public String apply(@Nullable String value, Map<String, String> words) {
      return value == null ? text : value;
    }
  }

  /** Another word's value where there is none. */
  record Or(String word) implements TemplateFilter {
    @Override
    public @Nullable String apply(@Nullable String value, Map<String, String> words) {
      return value == null ? words.get(word) : value;
    }
  }

  /** Reads a filter. */
  static TemplateFilter of(String text) throws TemplateException {
    int colon = text.indexOf(':');
    String name = colon < 0 ? text : text.substring(0, colon);
    String argument = colon < 0 ? null : text.substring(colon + 1);
    Quoting quoting = Quoting.of(name);
    if (quoting != null) {
      if (argument != null) {
        throw new TemplateException("filter " + name + " takes nothing after it: remove :");
      }
      return new Quote(quoting);
    }
    return switch (name) {
      case "map" -> new Translate(pairs(argument));
      case "default" -> new Default(required(name, argument, "a text, as in default:10"));
      case "or" -> new Or(required(name, argument, "another word, as in or:path"));
      default ->
          throw new TemplateException(
              "filter \""
                  + name
                  + "\" is not known; known are "
                  + Quoting.words()
                  + ", map, default, or");
    };
  }

  private static String required(String name, @Nullable String argument, String what)
      throws TemplateException {
    if (argument == null) {
      throw new TemplateException("filter " + name + " needs " + what);
    }
    return argument;
  }

  private static Map<String, String> pairs(@Nullable String argument) throws TemplateException {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (String pair : required("map", argument, "pairs, as in map:a=1,b=2,*=0").split(",", -1)) {
      int equals = pair.indexOf('=');
      if (equals < 1) {
        throw new TemplateException(
            "filter map has \"" + pair + "\" where a pair such as a=1 is needed");
      }
      if (pairs.put(pair.substring(0, equals), pair.substring(equals + 1)) != null) {
        throw new TemplateException(
            "filter map has " + pair.substring(0, equals) + " twice: remove one");
      }
    }
    return pairs;
  }
}
