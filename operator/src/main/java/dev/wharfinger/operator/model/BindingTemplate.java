package dev.wharfinger.operator.model;

import dev.wharfinger.api.v1alpha1.Backend;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Templates of {@code binding.env}: text with placeholders such as {@code {url.sqlalchemy}} or
 * {@code {host}}. A template that names a value which the backend of the moment does not have is
 * left out as a whole, so that variables of the other backend disappear with it (requirement:
 * Authelia refuses two storages).
 */
public final class BindingTemplate {
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{([A-Za-z][A-Za-z0-9.-]*)}");

  private BindingTemplate() {}

  /**
   * The binding's data: the values and the rendered templates.
   *
   * @throws StalledException for a placeholder that no backend knows
   */
  public static Map<String, String> render(
      InstanceModel model, Backend backend, Map<String, String> values) {
    Map<String, String> words = BindingValues.templateWords(model, backend, values);
    Set<String> known = known(model);
    Map<String, String> data = new TreeMap<>(values);
    model
        .env()
        .forEach((key, template) -> {
          requireKnown(key, template, known);
          if (complete(template, words)) {
            data.put(key, fill(template, words));
          }
        });
    return data;
  }

  private static Set<String> known(InstanceModel model) {
    Set<String> known =
        new TreeSet<>(
            Set.of("pool.minSize", "pool.maxSize", "pool.maxOverflow", "pool.timeoutSeconds"));
    for (Backend backend : Backend.values()) {
      known.addAll(
          BindingValues.templateWords(model, backend, BindingValues.of(model, backend, "password"))
              .keySet());
    }
    return known;
  }

  private static void requireKnown(String key, String template, Set<String> known) {
    Matcher matcher = PLACEHOLDER.matcher(template);
    while (matcher.find()) {
      if (!known.contains(matcher.group(1))) {
        throw new StalledException(
            "BindingTemplateInvalid",
            "binding.env."
                + key
                + " uses {"
                + matcher.group(1)
                + "}, which is not known; known are "
                + String.join(", ", known));
      }
    }
  }

  private static boolean complete(String template, Map<String, String> words) {
    return PLACEHOLDER.matcher(template).results().allMatch(m -> words.containsKey(m.group(1)));
  }

  private static String fill(String template, Map<String, String> words) {
    return PLACEHOLDER
        .matcher(template)
        .replaceAll(m -> Matcher.quoteReplacement(words.getOrDefault(m.group(1), "")));
  }
}
