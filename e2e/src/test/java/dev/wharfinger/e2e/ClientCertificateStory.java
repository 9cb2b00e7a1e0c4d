package dev.wharfinger.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A server that knows its clients by certificates alone. How a node mounts a key, whose it is and
 * who may read it, decides whether the Jobs' driver and the application's take it.
 */
class ClientCertificateStory {
  @RegisterExtension static final Story story = new Story("certificate", 1);

  @Test
  void PHX_14_probeAndApplicationComeInByTheCertificateAlone() throws Exception {
    String host = "directory.%s.svc".formatted(story.namespace());
    KeyTool keys = new KeyTool();
    Map<String, String> server = keys.issue("server", "CN=directory", "san=dns:" + host);
    Map<String, String> client = keys.issue("client", "CN=people", "eku=clientAuth");
    secret("directory-tls", server);
    secret("people-client", client);
    secret("people-role", Map.of("username", "people"));
    apply(SERVER);
    story.pods().awaitReady("directory");

    apply(instance(host, ""));
    assertThat(story.instance("people").awaitMessage("Stalled", m -> m.contains("certificate")))
        .contains("say postgresql.external.clientCertificateSecretRef");

    apply(instance(host, "clientCertificateSecretRef: {name: people-client}"));
    story.instance("people").awaitReady();
    apply(CLIENT);
    story.pods().awaitReady("people-client");
    assertThat(
            story
                .pods()
                .exec(
                    "people-client",
                    "psql",
                    "-qAt",
                    "-c",
                    "SELECT current_user, version FROM pg_stat_ssl WHERE pid = pg_backend_pid()"))
        .isEqualTo("people|TLSv1.3");
    assertThat(story.instance("people").binding()).doesNotContainKey("password");
  }

  private static final String SERVER =
      """
      apiVersion: v1
      kind: Service
      metadata: {name: directory}
      spec: {selector: {app: directory}, ports: [{port: 5432}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: directory, labels: {app: directory}}
      spec:
        automountServiceAccountToken: false
        securityContext:
          {runAsNonRoot: true, runAsUser: 999, runAsGroup: 999, fsGroup: 999, seccompProfile: {type: RuntimeDefault}}
        containers:
          - name: postgres
            image: registry.local/postgres:17
            command:
              - sh
              - -ec
              - |
                initdb --pgdata=/data/db --username=people --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync
                printf 'local all all trust\\nhostssl all all all cert\\n' > /data/db/pg_hba.conf
                exec postgres -D /data/db -c listen_addresses='*' -c unix_socket_directories=/data -c fsync=off \\
                  -c ssl=on -c ssl_cert_file=/tls/tls.crt -c ssl_key_file=/tls/tls.key -c ssl_ca_file=/tls/ca.crt
            readinessProbe:
              exec: {command: [pg_isready, --host=/data]}
              periodSeconds: 1
            volumeMounts: [{name: data, mountPath: /data}, {name: tls, mountPath: /tls, readOnly: true}]
            securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
        volumes:
          - {name: data, emptyDir: {}}
          - {name: tls, secret: {secretName: directory-tls, defaultMode: 0440}}
        terminationGracePeriodSeconds: 0
      """;

  /** As the page on external servers says it. */
  private static final String CLIENT =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: people-client}
      spec:
        automountServiceAccountToken: false
        securityContext:
          {runAsNonRoot: true, runAsUser: 999, runAsGroup: 999, fsGroup: 999, seccompProfile: {type: RuntimeDefault}}
        containers:
          - name: psql
            image: registry.local/postgres:17
            command: [sleep, infinity]
            envFrom: [{secretRef: {name: people-binding}}]
            volumeMounts: [{name: database-tls, mountPath: /etc/wharfinger/people, readOnly: true}]
            securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
        volumes:
          - name: database-tls
            secret:
              secretName: people-binding
              optional: true
              defaultMode: 0440
              items: [{key: ca.crt, path: ca.crt}, {key: tls.crt, path: tls.crt}, {key: tls.key, path: tls.key}]
        terminationGracePeriodSeconds: 0
      """;

  private static String instance(String host, String certificate) {
    return """
    apiVersion: wharfinger.dev/v1alpha1
    kind: StorageInstance
    metadata: {name: people}
    spec:
      backend: PostgreSQL
      ssl: {mode: verify-full, caSecretRef: {name: directory-tls}}
      postgresql:
        external:
          host: %s
          database: postgres
          credentialsSecretRef: {name: people-role}
          %s
    """
        .formatted(host, certificate);
  }

  private static void secret(String name, Map<String, String> data) {
    apply(
        "apiVersion: v1\nkind: Secret\nmetadata: {name: %s}\nstringData:\n%s"
            .formatted(
                name,
                data.entrySet().stream()
                    .map(one -> "  " + one.getKey() + ": |-\n" + one.getValue().indent(4))
                    .collect(Collectors.joining())));
  }

  private static void apply(String yaml) {
    Shell.run("kubectl", "apply", "-n", story.namespace(), "-f", Resources.file(yaml));
  }
}
