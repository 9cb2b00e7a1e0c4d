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
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
@ValidationRule(
    value =
        "self.?spec.?sqlite.?databases[?0].orValue(self.metadata.name + '.db') =="
            + " oldSelf.?spec.?sqlite.?databases[?0].orValue(oldSelf.metadata.name + '.db')",
    fieldPath = ".spec.sqlite.databases",
    message =
        "the first of sqlite.databases (default: <name>.db) is the main database and is fixed; add further files after"
            + " it")
@ValidationRule(
    value =
        "self.?spec.?sqlite.?inMemory.orValue(false) == oldSelf.?spec.?sqlite.?inMemory.orValue(false)",
    fieldPath = ".spec.sqlite.inMemory",
    message = "sqlite.inMemory is fixed: make another StorageInstance instead")
@ValidationRule(
    value =
        "!isQuantity(self.?spec.?sqlite.?storage.?size.orValue('1Gi')) ||"
            + " !quantity(self.?spec.?sqlite.?storage.?size.orValue('1Gi'))"
            + ".isLessThan(quantity(oldSelf.?spec.?sqlite.?storage.?size.orValue('1Gi')))",
    fieldPath = ".spec.sqlite.storage",
    message =
        "sqlite.storage.size (default: 1Gi) may only grow: a volume cannot shrink without losing data")
@ValidationRule(
    value =
        "self.?spec.?sqlite.?storage.?storageClassName.orValue('') =="
            + " oldSelf.?spec.?sqlite.?storage.?storageClassName.orValue('')",
    fieldPath = ".spec.sqlite.storage",
    message =
        "sqlite.storage.storageClassName is fixed, because the volume is claimed: make another StorageInstance instead")
@ValidationRule(
    value =
        "oldSelf.?spec.?backend.orValue('SQLite') == 'SQLite' ||"
            + " !isQuantity(self.?spec.?postgresql.?storage.?size.orValue('1Gi')) ||"
            + " !quantity(self.?spec.?postgresql.?storage.?size.orValue('1Gi'))"
            + ".isLessThan(quantity(oldSelf.?spec.?postgresql.?storage.?size.orValue('1Gi')))",
    fieldPath = ".spec.postgresql.storage",
    message =
        "postgresql.storage.size (default: 1Gi) may only grow once backend is PostgreSQL: a volume cannot shrink without"
            + " losing data")
@ValidationRule(
    value =
        "oldSelf.?spec.?backend.orValue('SQLite') == 'SQLite' ||"
            + " self.?spec.?postgresql.?storage.?storageClassName.orValue('') =="
            + " oldSelf.?spec.?postgresql.?storage.?storageClassName.orValue('')",
    fieldPath = ".spec.postgresql.storage",
    message =
        "postgresql.storage.storageClassName is fixed once backend is PostgreSQL, because the volume is claimed: make"
            + " another StorageInstance instead")
@ValidationRule(
    value =
        "oldSelf.?spec.?backend.orValue('SQLite') == 'SQLite' ||"
            + " self.?spec.?postgresql.?version.orValue('17') =="
            + " oldSelf.?spec.?postgresql.?version.orValue('17')",
    fieldPath = ".spec.postgresql.version",
    message =
        "postgresql.version is fixed once backend is PostgreSQL: another major needs a dump and a restore into a new"
            + " StorageInstance")
@ValidationRule(
    value =
        "oldSelf.?spec.?backend.orValue('SQLite') == 'SQLite' ||"
            + " self.?spec.?postgresql.?database.orValue('') =="
            + " oldSelf.?spec.?postgresql.?database.orValue('')",
    fieldPath = ".spec.postgresql.database",
    message =
        "postgresql.database is fixed once backend is PostgreSQL: renaming it would leave the data behind")
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
