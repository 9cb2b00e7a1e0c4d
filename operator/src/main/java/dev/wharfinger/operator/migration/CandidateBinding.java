package dev.wharfinger.operator.migration;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.operator.dependent.BindingSecret;
import dev.wharfinger.operator.job.Move;
import dev.wharfinger.operator.model.ActiveBackend;
import dev.wharfinger.operator.model.Labels;
import dev.wharfinger.operator.model.SecretText;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The binding as it will be, under another name: the schema command sees the target through it
 * while the application still sees the source. It carries none of the binding's annotations.
 */
public final class CandidateBinding {
  private CandidateBinding() {}

  /** The Secret. */
  public static Secret desired(Move move, @Nullable Secret credentials) {
    Secret binding =
        BindingSecret.desired(
            move.model(), new ActiveBackend(Backend.POSTGRESQL, 0), Map.of(), credentials);
    Map<String, String> labels = new HashMap<>(Labels.of(move.model().instance(), Move.COMPONENT));
    labels.putAll(move.extraLabels());
    Map<String, String> data = new HashMap<>();
    binding.getData().forEach((key, value) -> data.put(key, atServer(move, value)));
    return new SecretBuilder()
        .withNewMetadata()
        .withName(move.candidateBinding())
        .withNamespace(move.model().namespace())
        .withLabels(labels)
        .withOwnerReferences(move.owner())
        .endMetadata()
        .withType(binding.getType())
        .withData(data)
        .build();
  }

  /** A dry run has a server of its own; its host stands where the instance's would. */
  private static String atServer(Move move, String value) {
    return SecretText.encode(
        SecretText.decode(value).replace(move.model().serverHost(), move.server().host()));
  }
}
