package dev.wharfinger.operator.model;

import dev.wharfinger.api.v1alpha1.Backend;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The keys of the application's choosing, from templates such as {@code {url.sqlalchemy}} or {@code
 * {password|uri}}. A template that names a value which the backend of the moment does not have is
 * left out as a whole, so that variables of the other backend disappear with it (requirement:
 * Authelia refuses two storages).
 */
public final class BindingTemplate {
  /** A Secret takes 1 MiB, in which the operator's own keys and annotations stand too. */
  private static final int LARGEST = 512 * 1024;

  private BindingTemplate() {}

  /**
   * The binding's data: the values and the rendered templates.
   *
   * @throws StalledException for a template or preset that cannot be used
   */
  public static Map<String, String> render(
      InstanceModel model, Backend backend, Map<String, String> values) {
    if (backend == Backend.SQLITE && !model.sqlite().inMemory()) {
      model.binding().requireMainDatabase(model.sqlite().mainDatabase());
    }
    Map<String, String> words = BindingWords.of(model, backend, values);
    Set<String> known = BindingWords.known(model);
    Map<String, String> data = new TreeMap<>(values);
    for (BindingModel.Field field : model.binding().fields()) {
      try {
        Template template = Template.parse(field.template());
        template.requireKnown(known);
        String text = template.render(words);
        if (text != null) {
          data.put(field.key(), text);
        }
      } catch (TemplateException e) {
        throw invalid(field.name() + " cannot be used, " + e.explanation());
      }
    }
    if (data.values().stream().mapToInt(v -> v.getBytes(StandardCharsets.UTF_8).length).sum()
        > LARGEST) {
      throw invalid(
          "binding.env and binding.files give more than "
              + LARGEST / 1024
              + " KiB on "
              + backend
              + ", and a Secret cannot hold that: shorten them");
    }
    return data;
  }

  /**
   * Tries the templates for both backends, before anything is begun that ends with a new binding.
   *
   * @throws StalledException as {@link #render} would
   */
  public static void check(InstanceModel model) {
    for (Backend backend : Backend.values()) {
      render(model, backend, BindingValues.of(model, backend, "password"));
    }
  }

  private static StalledException invalid(String explanation) {
    return new StalledException("BindingTemplateInvalid", explanation);
  }
}
