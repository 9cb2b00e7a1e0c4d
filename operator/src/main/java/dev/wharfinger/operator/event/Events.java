package dev.wharfinger.operator.event;

import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes Kubernetes Events. They are for people: nothing depends on them, so none is insisted on.
 */
public final class Events {
  /** Something went as it should. */
  public static final String NORMAL = "Normal";

  /** Somebody should look. */
  public static final String WARNING = "Warning";

  private static final Logger LOG = LoggerFactory.getLogger(Events.class);
  private static final int LONGEST_MESSAGE = 1024;

  private Events() {}

  /**
   * Records one Event.
   *
   * @param type {@link #NORMAL} or {@link #WARNING}
   * @param reason CamelCase
   * @param now when it happened
   */
  public static void record(
      KubernetesClient client,
      HasMetadata regarding,
      String type,
      String reason,
      String message,
      Instant now) {
    String at = now.truncatedTo(ChronoUnit.SECONDS).toString();
    try {
      client
          .resource(
              new EventBuilder()
                  .withNewMetadata()
                  .withGenerateName(regarding.getMetadata().getName() + ".")
                  .withNamespace(regarding.getMetadata().getNamespace())
                  .endMetadata()
                  .withNewInvolvedObject()
                  .withApiVersion(regarding.getApiVersion())
                  .withKind(regarding.getKind())
                  .withName(regarding.getMetadata().getName())
                  .withNamespace(regarding.getMetadata().getNamespace())
                  .withUid(regarding.getMetadata().getUid())
                  .endInvolvedObject()
                  .withType(type)
                  .withReason(reason)
                  .withMessage(message.substring(0, Math.min(message.length(), LONGEST_MESSAGE)))
                  .withNewSource()
                  .withComponent("wharfinger")
                  .endSource()
                  .withFirstTimestamp(at)
                  .withLastTimestamp(at)
                  .withCount(1)
                  .build())
          .create();
    } catch (KubernetesClientException e) {
      LOG.debug("event {} was not recorded: {}", reason, e.getMessage());
    }
  }
}
