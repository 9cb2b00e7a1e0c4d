package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.SchemaMigrationsSpec.Command;
import dev.wharfinger.operator.job.Place;
import dev.wharfinger.operator.job.SchemaAsk;
import dev.wharfinger.operator.job.SchemaCommandJob;
import dev.wharfinger.operator.job.SchemaJob;
import dev.wharfinger.operator.job.StandingCommandJob;
import dev.wharfinger.operator.migration.FoundConsumer;
import dev.wharfinger.operator.model.InstanceModel;
import dev.wharfinger.operator.model.Labels;
import dev.wharfinger.operator.model.SchemaModel;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What schema migrations are made of, as it is there now: the files of a ConfigMap, or an
 * application whose image has the tool.
 *
 * @param files the ConfigMap, or null
 * @param consumer the pod of the application, or null
 * @param container the container of that pod whose image is used, or null
 * @param refused why there is nothing that could be run, or null
 */
record SchemaSource(
    @Nullable ConfigMap files,
    @Nullable PodSpec consumer,
    @Nullable Container container,
    @Nullable StepResult refused) {
  /** Of what does not matter now. */
  static final SchemaSource UNSEEN = new SchemaSource(null, null, null, null);

  /** The reason that needs nobody to wait: the application comes after its database. */
  static final String NO_CONSUMER = "NoConsumer";

  /** Looks for it, live. */
  static SchemaSource of(
      InstanceModel instance, SchemaModel model, Writer writer, boolean commands) {
    return model.command() == null
        ? files(instance, Objects.requireNonNull(model.configMap()), writer)
        : command(instance, model.command(), writer, commands);
  }

  private static SchemaSource files(InstanceModel instance, String name, Writer writer) {
    ConfigMap files = writer.live(ConfigMap.class, name);
    if (files == null) {
      return refused(
          StepResult.stop(
              "SchemaFilesMissing",
              "ConfigMap "
                  + name
                  + ", which schemaMigrations.flyway names, is not there; make it: it is noticed by itself"));
    }
    return Labels.isOurs(files, instance.instance())
        ? refused(
            StepResult.stop(
                "SchemaFilesMissing",
                "ConfigMap "
                    + name
                    + " is the operator's own and has no migrations; name another in schemaMigrations.flyway"))
        : new SchemaSource(files, null, null, null);
  }

  private static SchemaSource command(
      InstanceModel instance, Command command, Writer writer, boolean allowed) {
    if (!allowed) {
      return refused(
          StepResult.stop(
              "SchemaCommandNotAllowed",
              "schemaMigrations.command needs the operator's permission: set the chart value"
                  + " schemaMigrations.allowCommand to true, or use flyway, or remove schemaMigrations"));
    }
    String binding = instance.names().binding();
    for (FoundConsumer found :
        new ConsumerSearch(writer.client(), instance.namespace(), instance.names()).live("")) {
      Container container =
          SchemaCommandJob.container(found.pod(), command.container(), binding).orElse(null);
      if (container != null && container.getImage() != null) {
        return new SchemaSource(null, found.pod(), container, null);
      }
    }
    return refused(
        StepResult.stop(
            NO_CONSUMER,
            "schemaMigrations.command runs in the application's own image, and no Deployment, StatefulSet, DaemonSet or"
                + " CronJob with such a container refers to the binding Secret; once there is one it is run"));
  }

  private static SchemaSource refused(StepResult why) {
    return new SchemaSource(null, null, null, why);
  }

  /** What is asked with it now, or null where there is nothing that could be run. */
  @Nullable SchemaAsk ask(InstanceModel instance, SchemaModel model) {
    if (files != null && model.configMap() != null) {
      return SchemaAsk.now(instance.instance(), model.content(files), true);
    }
    return container != null && model.command() != null
        ? SchemaAsk.now(
            instance.instance(), model.content(model.command(), container.getImage()), false)
        : null;
  }

  /** The Job that runs it. */
  Job job(InstanceModel instance, SchemaModel model, SchemaAsk done, @Nullable Place place) {
    return files == null
        ? StandingCommandJob.desired(
            instance,
            model,
            Objects.requireNonNull(consumer),
            Objects.requireNonNull(container),
            place)
        : SchemaJob.desired(instance, model, files, done, place);
  }
}
