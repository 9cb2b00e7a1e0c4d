package dev.wharfinger.api.v1alpha1;

/** The applications that a binding may be asked for by name; the operator has their templates. */
public final class BindingPresets {
  /** As a list of CEL without its brackets. */
  public static final String NAMES =
      "'airflow', 'authelia', 'authentik', 'cloacina', 'codex-lb', 'forgejo', 'gitea', "
          + "'grafana', 'home-assistant', 'keycloak', 'langflow', 'litellm', 'mattermost', "
          + "'miniflux', 'mlflow', 'n8n', 'nextcloud', 'nocodb', 'open-webui', 'oxy', "
          + "'paperless-ngx', 'phoenix', 'pipelit', 'prefect', 'superset', 'vaultwarden', "
          + "'vikunja'";

  private BindingPresets() {}
}
