package dev.wharfinger.operator.dependent;

import dev.wharfinger.operator.model.ActiveBackend;
import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.model.BindingTemplate;
import dev.wharfinger.operator.model.BindingValues;
import dev.wharfinger.operator.model.InstanceModel;
import dev.wharfinger.operator.model.Labels;
import dev.wharfinger.operator.model.Owner;
import dev.wharfinger.operator.model.SecretText;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The one Secret the application reads. It says where the data lives, in its values and in its
 * annotations, and is therefore only ever replaced against the version that was read.
 */
public final class BindingSecret {
  public static final String COMPONENT = "binding";

  private BindingSecret() {}

  /**
   * The Secret.
   *
   * @param active the backend it points to and its epoch
   * @param carried annotations that came with the switch and stay: operation, time, schema
   * @param credentials the PostgreSQL role's Secret; needed for that backend only
   */
  public static Secret desired(
      InstanceModel model,
      ActiveBackend active,
      Map<String, String> carried,
      @Nullable Secret credentials) {
    Map<String, String> annotations = new TreeMap<>(carried);
    annotations.put(Annotations.BACKEND, active.backend().value());
    annotations.put(Annotations.EPOCH, Integer.toString(active.epoch()));
    Map<String, String> values =
        BindingValues.of(model, active.backend(), SecretText.of(credentials, "password"));
    return new SecretBuilder()
        .withNewMetadata()
        .withName(model.names().binding())
        .withNamespace(model.namespace())
        .withLabels(Labels.of(model.instance(), COMPONENT))
        .withAnnotations(annotations)
        .withOwnerReferences(Owner.of(model.instance()))
        .endMetadata()
        // A Secret's type can never change, and this one outlives its backend; the key "type" says
        // it.
        .withType("Opaque")
        .withData(CredentialsSecret.encode(BindingTemplate.render(model, active.backend(), values)))
        .build();
  }
}
