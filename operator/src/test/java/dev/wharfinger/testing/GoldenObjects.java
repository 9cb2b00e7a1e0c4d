package dev.wharfinger.testing;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.operator.dependent.BindingSecret;
import dev.wharfinger.operator.dependent.CredentialsSecret;
import dev.wharfinger.operator.dependent.PostgresqlConfigMap;
import dev.wharfinger.operator.dependent.PostgresqlService;
import dev.wharfinger.operator.dependent.PostgresqlStatefulSet;
import dev.wharfinger.operator.dependent.RoleSecret;
import dev.wharfinger.operator.dependent.SqliteClaim;
import dev.wharfinger.operator.job.ConnectionJob;
import dev.wharfinger.operator.job.ProbeJob;
import dev.wharfinger.operator.job.SchemaAsk;
import dev.wharfinger.operator.job.SchemaJob;
import dev.wharfinger.operator.job.SqliteInitJob;
import dev.wharfinger.operator.model.ActiveBackend;
import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.model.ExternalServer;
import dev.wharfinger.operator.model.InstanceModel;
import dev.wharfinger.operator.model.PostgresqlServer;
import dev.wharfinger.operator.model.SchemaModel;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** What is wanted for the instance of a golden case, in the order in which it is made. */
public final class GoldenObjects {
  private GoldenObjects() {}

  /** The desired objects of a case. */
  public static List<HasMetadata> of(Path golden) {
    StorageInstance instance =
        Yaml.read(StorageInstance.class, GoldenCases.text(golden, "in-instance.yaml"));
    InstanceModel model =
        InstanceModel.of(instance, RunningOperator.config("shop")).trusting("(certificates)\n");
    List<HasMetadata> objects = new ArrayList<>();
    if (model.external() != null) {
      return external(model, Objects.requireNonNull(GoldenCases.secret(golden)));
    }
    if (model.requested() == Backend.POSTGRESQL) {
      PostgresqlServer server = PostgresqlServer.of(model);
      Secret role = RoleSecret.fresh(model.postgresql(), server);
      objects.add(role);
      objects.add(CredentialsSecret.again(role, server));
      objects.add(PostgresqlConfigMap.desired(model.postgresql(), server, ""));
      objects.add(PostgresqlService.client(server));
      objects.add(PostgresqlService.headless(server));
      objects.add(PostgresqlStatefulSet.desired(model.postgresql(), server));
    } else if (!model.sqlite().inMemory()) {
      objects.add(SqliteClaim.desired(model));
      objects.add(SqliteInitJob.desired(model, false));
    }
    ConfigMap migrations = GoldenCases.migrations(golden);
    if (migrations != null) {
      SchemaModel schema =
          Objects.requireNonNull(SchemaModel.of(model, new ActiveBackend(model.requested(), 1)));
      objects.add(SchemaJob.desired(model, schema, migrations, SchemaAsk.NOTHING, null));
    }
    objects.add(
        BindingSecret.desired(
            model, new ActiveBackend(model.requested(), 1), Map.of(), credentials(golden)));
    return objects;
  }

  private static List<HasMetadata> external(InstanceModel model, Secret secret) {
    ExternalServer server = ExternalServer.of(model, name -> secret);
    InstanceModel there = model.at(server);
    List<HasMetadata> objects = new ArrayList<>();
    if (!server.endpoint().socket()) {
      objects.add(ProbeJob.desired(there, server));
      objects.add(ConnectionJob.desired(there.names().connectionJob("1"), there));
    }
    objects.add(
        BindingSecret.desired(
            there,
            new ActiveBackend(Backend.POSTGRESQL, 1),
            Map.of(Annotations.EXTERNAL, server.endpoint().address()),
            server.credentials()));
    return objects;
  }

  private static Secret credentials(Path golden) {
    if (!Files.exists(golden.resolve("in-credentials.yaml"))) {
      return new SecretBuilder().build();
    }
    Secret secret = Yaml.read(Secret.class, GoldenCases.text(golden, "in-credentials.yaml"));
    Map<String, String> data = new TreeMap<>();
    secret
        .getStringData()
        .forEach((key, value) ->
            data.put(
                key, Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8))));
    return secret.edit().withData(data).withStringData(null).build();
  }
}
