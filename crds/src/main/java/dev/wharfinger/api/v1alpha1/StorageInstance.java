package dev.wharfinger.api.v1alpha1;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/** An application's database, whatever its backend. */
@Group("wharfinger.dev")
@Version("v1alpha1")
@ShortNames("si")
@AdditionalPrinterColumn(
    name = "Backend",
    jsonPath = ".status.backend",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Phase",
    jsonPath = ".status.phase",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Ready",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].status",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Schema",
    jsonPath = ".status.schemaRevision",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Host",
    jsonPath = ".status.connection.host",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
@ValidationRule(
    value = "has(self.spec)",
    message = "spec is missing: say spec: {} for a SQLite database with all defaults")
@ValidationRule(
    value = TransitionRules.MAIN_DATABASE,
    fieldPath = ".spec.sqlite.databases",
    message =
        "the first of sqlite.databases (default: <name>.db) is the main database and is fixed; add further files after"
            + " it")
@ValidationRule(
    value = BackupRules.OWN_CLAIM,
    fieldPath = ".spec.backup.target",
    message =
        "backup.target names the claim of the data itself: sets would go with what they are to save; name another claim")
@ValidationRule(
    value =
        "self.metadata.name.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$') && size(self.metadata.name) <= 40",
    message =
        "metadata.name must be at most 40 lower-case letters, digits and dashes and begin with a letter: Services and"
            + " Jobs are named after it")
public class StorageInstance extends CustomResource<StorageInstanceSpec, StorageInstanceStatus>
    implements Namespaced {
  private static final long serialVersionUID = 1L;
}
