package dev.wharfinger.operator.model;

import dev.wharfinger.api.v1alpha1.PostgresqlSpec;
import dev.wharfinger.api.v1alpha1.ServerParameters;
import dev.wharfinger.api.v1alpha1.StorageInstanceSpec;
import dev.wharfinger.operator.OperatorConfig;
import dev.wharfinger.operator.OperatorConfig.PostgresImage;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The PostgreSQL side of an instance with every default applied.
 *
 * @param version major version
 * @param catalogue the operator's images by major version
 * @param imagePullSecrets Secrets of the namespace to pull them with
 * @param volume the server's volume
 * @param resources requests and limits
 * @param parameters settings, sorted by name
 * @param database the application's database; the role that owns it has the same name
 */
public record PostgresqlModel(
    String version,
    Map<String, PostgresImage> catalogue,
    List<LocalObjectReference> imagePullSecrets,
    Volume volume,
    ResourceRequirements resources,
    Map<String, String> parameters,
    String database) {

  public static final int PORT = 5432;

  /** The application's role; it owns the database. */
  public String username() {
    return database;
  }

  /**
   * The catalogue's image for the version.
   *
   * @throws StalledException where there is none; asked for only where a server is made
   */
  public PostgresImage image() {
    PostgresImage image = catalogue.get(version);
    if (image == null) {
      throw new StalledException(
          "VersionNotInCatalogue",
          "postgresql.version "
              + version
              + " is not in the operator's catalogue; it has "
              + String.join(", ", new TreeSet<>(catalogue.keySet())));
    }
    return image;
  }

  /**
   * Settings of {@code postgresql.conf}, sorted.
   *
   * @throws StalledException where one is refused; asked for only where a server is made
   */
  public Map<String, String> parameters() {
    ServerParameters.refusal(parameters.keySet())
        .ifPresent(why -> {
          throw new StalledException("ParameterRefused", why);
        });
    return parameters;
  }

  /** The same with another volume size. */
  public PostgresqlModel withSize(Quantity size) {
    return new PostgresqlModel(
        version,
        catalogue,
        imagePullSecrets,
        new Volume(size, volume.storageClassName()),
        resources,
        parameters,
        database);
  }

  static PostgresqlModel of(String instance, StorageInstanceSpec spec, OperatorConfig config) {
    PostgresqlSpec p =
        Objects.requireNonNullElseGet(
            spec.postgresql(), () -> new PostgresqlSpec(null, null, null, null, null, null));
    String version = Objects.requireNonNullElse(p.version(), "17");
    return new PostgresqlModel(
        version,
        config.postgresImages(),
        config.imagePullSecrets(),
        Volume.of(p.storage()),
        Objects.requireNonNullElseGet(p.resources(), PostgresqlModel::smallRequests),
        new TreeMap<>(Objects.requireNonNullElse(p.parameters(), Map.of())),
        Objects.requireNonNullElseGet(p.database(), () -> instance.replace('-', '_')));
  }

  /** PHX-23: a server for development must be cheap. */
  private static ResourceRequirements smallRequests() {
    return new ResourceRequirementsBuilder()
        .addToRequests("cpu", new Quantity("100m"))
        .addToRequests("memory", new Quantity("128Mi"))
        .build();
  }
}
