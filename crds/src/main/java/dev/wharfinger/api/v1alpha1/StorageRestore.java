package dev.wharfinger.api.v1alpha1;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/** Puts a backup set in the place of an instance's data, which are kept. */
@Group("wharfinger.dev")
@Version("v1alpha1")
@ShortNames("srs")
@AdditionalPrinterColumn(
    name = "Instance",
    jsonPath = ".spec.instanceRef.name",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Phase",
    jsonPath = ".status.phase",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Set",
    jsonPath = ".status.plan.setId",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Consistent",
    jsonPath = ".status.plan.consistentAt",
    type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(
    name = "Rows",
    jsonPath = ".status.plan.rows",
    type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
    name = "Confirm",
    jsonPath = ".status.plan.confirm",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
@ValidationRule(
    value = "has(self.spec)",
    message =
        "spec is missing: say what is restored, spec: {instanceRef: {name: …}, from: {backupName: …}}")
public class StorageRestore extends CustomResource<StorageRestoreSpec, StorageRestoreStatus>
    implements Namespaced {
  private static final long serialVersionUID = 1L;
}
