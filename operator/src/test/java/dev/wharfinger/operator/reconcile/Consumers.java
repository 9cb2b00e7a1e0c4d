package dev.wharfinger.operator.reconcile;

import dev.wharfinger.testing.Stage;
import dev.wharfinger.testing.Yaml;
import io.fabric8.kubernetes.api.model.apps.Deployment;

/** Applications that read an instance's binding and mount its claim. */
final class Consumers {
  private Consumers() {}

  /**
   * Makes a Deployment.
   *
   * @param strategy {@code Recreate} or {@code RollingUpdate}
   */
  static void make(Stage stage, String name, String instance, int replicas, String strategy) {
    stage
        .client()
        .resource(
            Yaml.read(
                Deployment.class,
                """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: %1$s, namespace: %2$s}
                spec:
                  replicas: %4$d
                  strategy: {type: %5$s}
                  selector: {matchLabels: {app: %1$s}}
                  template:
                    metadata: {labels: {app: %1$s}}
                    spec:
                      containers:
                        - name: app
                          image: registry.example/app:1
                          envFrom: [{secretRef: {name: %3$s-binding}}]
                          volumeMounts: [{name: data, mountPath: /data}]
                      volumes: [{name: data, persistentVolumeClaim: {claimName: %3$s-data}}]
                """
                    .formatted(name, stage.namespace(), instance, replicas, strategy)))
        .create();
  }
}
